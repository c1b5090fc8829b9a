structures-sentence = { $effect ->
    [announcement] Announcing the switch
    [full] A full switch
   *[privacy] Privacy itself (full switch less placebo)
} { $settled ->
    [yes] changes the attacks of { $group } by less than { $margin }%: { $verdicts }.
   *[no] hardly ever raises the attacks of { $group } { $hardly_raises }; nine draws in ten lie below zero
    { $falls }. The verdict: { $verdicts }.
}
structures-verdict = { $verdict } { $places }
structures-reading = { $reading ->
    [record] With the elasticity of the record (the { $draws } draws with combat.money in facts:attack-finance-elasticity):
   *[plausible] In all { $draws } draws (hardly ever: by more than { $margin }% in at most one draw of twenty):
}
structures-places = { $extent ->
    [all] in all { $structures } structures
    [none] in no structure
    [most] in { $holds } of { $structures } structures (not { $names })
   *[other] in { $holds } of { $structures } structures ({ $names })
}
structures-gap = All structures but own_constant and former have the rule adoption_gap, which assumes that nobody likes the harder coin
    better: the sign of the announcement follows from it, its size does not. Announcement: donors choose. Full: every gift moves.
    Privacy: full less placebo, a move to a coin as traceable as the old one. Under rerouting the campaign may revoke the switch.
structures-table = Effect of the switch on the attacks of { $group } by structure, per cent of the same run without it; { $weeks }; the count is of draws as run, all other columns are without noise
structures-below = < -{ $margin }%
structures-above = > +{ $margin }%
structures-conclusions = Conclusions, first those that hold in all structures (policies: each by the outcome that it is judged by)
structures-statement = { $statement ->
    [falls] nine draws in ten below 0
    [mostly_lowers] most draws below -{ $margin }%
    [hardly_raises] hardly ever raises
    [hardly_lowers] hardly ever lowers
   *[other] { $statement }
}
structures-title = { $group }: the announcement hardly ever raises attacks in { $gap } of { $gaps } structures with the adoption gap, in { $own } of { $owns } without it
structures-panel = { $effect ->
    [announcement] Announcement
    [full] Full switch
   *[privacy] Full less placebo
}
structures-axis = change of attacks, %
