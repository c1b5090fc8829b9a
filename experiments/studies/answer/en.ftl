answer-switch = { $arm ->
    [announcement] Announcing a switch to Monero: { $clauses }.
   *[full] If every gift followed: { $clauses }.
}
answer-clause = { $verdict ->
    [lowers] attack capacity falls in { $cases }
    [raises] attack capacity rises in { $cases }
    [negligible] it changes by less than { $margin }% in { $cases }
   *[inconclusive] inconclusive in { $cases }
}
answer-changed-clause = { $verdict ->
    [lowers] it lowers capacity more, or raises it less, in { $cases }
    [raises] it lowers capacity less, or raises it more, in { $cases }
    [negligible] the same within { $margin } points in { $cases }
   *[inconclusive] inconclusive in { $cases }
}
answer-case = { $count ->
    [0] { $group }
   *[other] { $group } ({ $years })
}
answer-changed = What announcing it does, 2026 less 2020: { $clauses }. { $count ->
    [0] { $settled ->
        [yes] No dated change makes a difference of more than { $margin } points.
       *[no] No dated change is shown to make a difference.
    }
   *[other] A difference is due to { $makers }.
}
answer-maker = { answer-change } in { $group }
answer-change = { $history ->
    [no_issuer_freezes] the freezing of stablecoins
    [no_delistings] the delisting of Monero
    [no_travel_rule] the travel rule
    [no_bitcoin_eras] the tracing of bitcoin by era
    [no_own_growth] donors growing used to the coin
   *[other] { $history }
}
answer-policies = Of policies that begin with the switch, { $any } averts most attacks in { $any-first } of { $of } cases and years and is shown to lower them in { $any-lowers }. { $civil-first ->
    [0] {""}
   *[other] Without force it is { $civil }, first in { $civil-first } and shown to lower attacks in { $civil-lowers }.
}
answer-table = The answer: effect of the switch on attack capacity, per cent of the same run without it; { $weeks }; full: every gift follows; privacy: full less placebo; last column: structures of the rules with the same verdict
answer-structures = { $agree } of { $structures }
    .except = { $agree } of { $structures } (not { $except })
answer-due = What each dated change does to the effect of announcing the switch, percentage points: the effect as it was less that without the change (no_own_growth: had donors not grown used to the coin), one at a time
answer-ranks = Policies in order of their effect on the attack rate, within each case and year (verdict; share of draws in which it is best, among policies without force if it is one):
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
