choice-none = No policy is compared with the status quo, so there is nothing to choose.
choice-option = { $policy }{ $intensity ->
    [full] {""}
   *[other] {" "}at { $intensity }
}
choice-regret = { $first ->
    [yes] Against { $group }:{" "}
   *[no] {""}
}{ $among ->
    [without_force] Without force, { $policy } is never regretted by more than { $regret } attacks a week ({ $share } of { $base }) in nine of ten draws.
    [one_without_force] Of single policies without force it is { $policy } ({ $regret }; { $share }).
    [harm_modelled] Of those whose harm is modelled in full it is { $policy } ({ $regret }; { $share }).
   *[all] Of all policies it is { $policy } ({ $regret }; { $share }).
}{ $modelled ->
    [yes] {""}
    [part] {" "}Its harm is modelled in part: if the rest is worth more than { $worth } attacks a week, { $instead } is the choice.
   *[no] {" "}Its harm is not modelled: if it is worth more than { $worth } attacks a week, { $instead } is the choice.
}{ $agree ->
    [yes] {""}
   *[no] {" "}One seed alone chooses another, so noise may decide.
}
choice-switch = { $count ->
    [0] The switch changes this choice without force in no group
   *[other] The switch changes this choice without force against { $groups }
}. Of { $of } comparisons (group, structure, arm, date, criterion, set of policies) { $no } have the same choice. In { $margin } the loss is within the margin, in { $noise } noise may make it, and in { $yes } it is beyond the margin.{ $named ->
    [0] {""}
   *[other] {" "}The largest losses: { $names }.
} Who chooses as if there were no switch loses at most { $most } of the attacks.
choice-structures = { $count ->
    [0] The structure of the rules changes this choice without force in no group
   *[other] The structure of the rules changes this choice without force against { $groups }
}. Of { $of } comparisons (group, two structures, criterion, set of policies) { $no } have the same choice. In { $margin } the loss is within the margin, in { $noise } noise may make it, and in { $yes } it is beyond the margin{ $often ->
    [0] {""}
   *[other] , in { $often } of them with { $structure }
}.{ $named ->
    [0] {""}
   *[other] {" "}The largest losses: { $names }.
} Who chooses by a structure that is not true loses at most { $most } of the attacks.
choice-group = { $group } in { $structures }
choice-change = { $policy } instead of { $believed } against { $group } in { $structure }{ $as-if ->
    [none] {""}
   *[other] {" "}for { $as-if }
} (by { $criterion ->
    [largest] the largest regret
    [quantile] regret in nine of ten draws
   *[mean] mean regret
}{ $among ->
    [all] {" "}of all policies
   *[other] {" "}of those without force
}; loss { $share })
choice-from = { $policy } from { $price } on
choice-price = Against { $group } { $first }{ $changes ->
    [0] {" "}at every price
   *[other] , then { $steps }
}.
choice-prices = Where harm is weighed, only policies whose harm is modelled in full can be chosen. Its price is the number of attacks that one is willing to bear to spare lawful users a million USD.
choice-dominated = { $count ->
    [0] On attacks, lawful harm and staff together no policy is dominated in most draws.
   *[other] On attacks, lawful harm and staff together these are dominated in most draws: { $names }.
} A policy whose harm is not modelled dominates none.
choice-dominated-by = { $policy } ({ $groups })
choice-mixes = { $count ->
    [0] Two policies of one agency at half of their staff each avert no more than the better one at full strength, in { $of } comparisons.
   *[other] Two policies of one agency at half of their staff each avert more than the better one at full strength in { $count } of { $of } comparisons: { $names }.
}
choice-mix = { $policy } against { $group } ({ $averted }; { $other } { $alone })
choice-pace = Full strength 39 weeks after the switch instead of 13 averts fewer attacks a week: { $names }.
choice-lost = { $lost } of { $averted } with { $policy } against { $group }
choice-noise = The best policy of a draw is found with one seed and regret is measured with the other. With the same seeds the mean regret of a policy would be larger by at most { $mean } of the attacks, the 90% quantile by { $quantile }, the largest by { $largest }.
choice-switch-table = Choice without force by regret in nine of ten draws, with and without the switch; cost: loss of the choice without the switch, where the switch is made, the largest of both arms, as a share of the attacks
choice-arm = { $arm ->
    [none] no switch
    [announcement] announced
   *[full] full
}
choice-table = Policies against { $group }, the switch announced, over all structures of the rules; attacks a week, { $weeks }; those without force by their regret among themselves, then those with force among all
choice-harm = { $modelled ->
    [yes] { $usd }
    [part] at least { $usd }
   *[no] not modelled
}
choice-regret-of = { $criterion ->
    [largest] largest regret
    [quantile] regret in 9 of 10
   *[mean] mean regret
}
choice-legend = attacks averted, lawful harm (USD a week): medians of draws; regret: attacks averted by the best policy of the draw less those by this one; best in: share of draws in which it is the best by each seed alone; dominated in: share of draws in which another policy averts no fewer attacks for no more harm and staff, and is better in one of them; a regret below zero is noise
choice-rest = not drawn: { $names }
choice-best = { $policy } against { $groups }
choice-harm-head = harm, USD a week
choice-regret-title = Least regretted without force: { $names }
choice-axis = regret, % of attacks (below zero: noise); a dot a draw; nine of ten draws lie left of the stroke
choice-column = { $structure ->
    [any] over all
   *[other] { $structure }
}
choice-row = { $group }, { $among ->
    [all] all
   *[other] without force
}
choice-switched = { $arm ->
    [full] full switch
   *[other] announced
}: { $policy }
choice-switch-title = The switch changes the choice beyond the margin in { $yes } of { $of } comparisons by regret in nine of ten draws
choice-cell = { $changes ->
    [no] same choice
    [margin] another, loss within the margin
    [noise] another, perhaps by noise
   *[yes] another, loss beyond the margin
}
