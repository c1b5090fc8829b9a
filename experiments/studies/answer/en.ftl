answer-switch = { $arm ->
    [announcement] Announcing a switch to Monero
   *[full] If every gift followed
}, of { $of } cases and years: { $counts }. Largest median: { $size }, in { $group } in { $year }.
answer-changed = From the first to the last year, what announcing it does changes most in { $group }: by { $size }. { $small ->
    [yes] No median effect in any year exceeds { $margin }%, so there is little to explain.
   *[no] The largest effect of a year is { $effect-size }, in { $effect-group } in { $effect-year }.
} { $due-of ->
    [0] No dated change can act in these cases.
   *[other] { $count ->
        [0] { $settled ->
            [yes] No dated change makes a difference of more than { $margin } points
           *[no] No dated change is shown to make a difference
        }; the largest median is { $due-size }, for { $due-history } in { $due-group }.
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
answer-policies = Of policies that begin with the switch, { $any } averts most attacks in { $any-first } of { $of } cases and years and is shown to lower them in { $any-lowers }. Largest median: { $any-size }, in { $any-group } in { $any-year }. { $civil-first ->
    [0] {""}
   *[other] Without force it is { $civil }, first in { $civil-first } and shown to lower attacks in { $civil-lowers }. Largest median: { $civil-size }, in { $civil-group } in { $civil-year }.
}
answer-table = The answer: effect of the switch on attack capacity, per cent of the same run without it; { $weeks }; full: every gift follows; privacy: full less placebo; last column: structures of the rules with the same verdict; { $draws }
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
}, of { $of } cases and years: { $counts }
answer-count = { $verdict ->
    [lowers] attack capacity falls in { $count }
    [raises] attack capacity rises in { $count }
    [negligible] negligible in { $count }
   *[inconclusive] inconclusive in { $count }
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
