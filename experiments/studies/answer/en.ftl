answer-switch = { $arm ->
    [announcement] In this model an appeal that takes Monero alone is shown to raise attack capacity in { $raises ->
        [0] none
       *[other] { $raises }
    } of { $of } cases and years: it { $counts }. The largest median effect is { $size }, in { $group } in { $year }, with the same verdict in { $agree } of { $structures } structures of the rules.
   *[full] If every gift followed, it { $counts }.
}
answer-changed = Between the first and the last year of these comparisons, what the switch does changes most in { $group }: by { $size }. { $small ->
    [yes] No median effect in any of these years exceeds { $margin }%, so there is little to explain.
   *[no] The largest effect in these years is { $effect-size }, in { $effect-group } in { $effect-year }.
} { $due-of ->
    [0] No dated change can act in these cases.
   *[other] { $count ->
        [0] { $settled ->
            [yes] No dated change alters that difference by more than { $margin } points
           *[no] No dated change is shown to alter that difference
        }; the largest median is { $due-size }, for { $due-history } in { $due-group }. That does not say that these measures are useless.
       *[other] A difference is due to { $makers }; the largest is { $due-size }, in { $due-group }.
    }
}
answer-maker = { answer-change } in { $group }
answer-change = { $history ->
    [no_issuer_freezes] the freezing of stablecoins
    [no_delistings] the delisting of Monero
    [no_travel_rule] the travel rule
    [no_own_growth] donors growing used to the coin
    [none_of_them] all dated changes together
   *[other] { $history }
}
answer-policies = Of policies that begin with the switch, { $any } averts more attacks than any other in { $any-first } of { $of } cases and years. It is shown to lower them in { $any-lowers ->
    [0] none
   *[other] { $any-lowers } ({ $any-where })
}. { $civil-first ->
    [0] {""}
   *[other] Without force { $civil } comes first most often ({ $civil-first }). It is shown to lower attacks in { $civil-lowers ->
        [0] none
       *[other] { $civil-lowers } ({ $civil-where })
    }. Its largest median is { $civil-size }. What policies cost is not compared here.
}
answer-table = The answer: effect of the switch on attack capacity, per cent of the same run without it; { $weeks }; full: no gift stays behind; privacy: full less placebo; last column: structures of the rules with the same verdict; { $draws }
answer-of = { $outcome ->
    [campaign_given] gifts to public campaigns
   *[other] { $case ->
        [qassam-2020] capacity (judgement, not relied on)
        [alqaeda-2020] capacity, as if not seized
        [khorasan-2026] capacity, against the appeal on record
       *[other] capacity
    }
}
answer-structures = { $agree } of { $structures }
    .except = { $agree } of { $structures } (not { $except })
answer-due = What each dated change does to the effect of announcing the switch, percentage points: the effect as it was less that without the change (no_own_growth: had donors not grown used to the coin; none_of_them: without any of them); cannot act: no effect in any run is altered; { $draws }
answer-ranks = Policies in order of their effect on the attack rate, within each case and year, with the intensity that is already practice, to which a policy adds only the rest (verdict; share of draws in which it is best, among policies without force if it is one); { $draws }:
answer-policy = { $policy }{ $practice ->
    [none] {""}
   *[other] {" "}({ $practice } already practice)
}
answer-rank = { $policy } { $effect } ({ $verdict }; { $best })
    .negligible = negligible: { $policies }
answer-not-asked = Not open on the date of the switch, so the answer means nothing: { $cases }.
answer-limits = Policies are put in order; dates are not: a case and date is compared with itself without the switch, and the study looks for no group's best moment. Each real case is a model of published aggregates, not an assessment of the group; donor_funded is hypothetical.
answer-title = { $arm ->
    [announcement] Announcing Monero
    [asked] Asking for Monero
   *[full] A full switch to Monero
} in this model, { $of } cases and years: attack capacity { $counts }
answer-count = { $verdict ->
    [lowers] falls in { $count }
    [raises] rises in { $count }
    [negligible] hardly changes in { $count }
    [depends] rises or falls with the parameters in { $count }
   *[inconclusive] is inconclusive in { $count }
}
answer-unasked = not asked
answer-panel-axis = change of attack capacity, %
answer-due-title = { $count ->
    [0] { $settled ->
        [yes] No dated change alters what announcing Monero does by more than { $margin } points
       *[no] No dated change is shown to alter what announcing Monero does
    }
   *[other] What announcing Monero does is altered by { $makers }
}
answer-due-axis = what the change does to the effect of announcing the switch, percentage points
