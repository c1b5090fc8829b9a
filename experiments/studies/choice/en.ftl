choice-none = No policy is compared with the status quo, so there is nothing to choose.
choice-cash = There the choice averts { $there } of attacks in the median draw, by hawala { $here }.
choice-price = With a price on modelled harm { $first } { $count ->
    [1] leads
   *[other] lead
}{ $changes ->
    [0] {" "}at every price.
   *[other] , but not for one who would accept { $ends } to spare lawful users a million USD.
}
choice-accepted = { $attacks } more attacks by { $group }
choice-effect-table = Effect of the switch on attacks, in the status quo
choice-sets-table = Choice against { $group }
choice-switch-table = Choice without force, with { $staff }, with and without the switch
choice-price-table = Choice among policies of modelled harm, from a price on: attacks that sparing lawful users a million USD is worth
choice-pace-table = Attacks a week averted, full strength 13 weeks after the switch (at once), or after another time
choice-table = Policies without force against { $group }{ $rest ->
    [none] {""}
   *[other] ; not shown: { $rest }
}
choice-other = { $policy }{ $share ->
    [no] {""}
   *[other] {" "}(dominated in { $share } of draws)
}
choice-legend = Switch: the group's campaigns take Monero alone (announced: donors choose; full: no gift stays behind). Draw: one set of values of all that is unknown. Force: policies of the military. Averts, lawful harm (USD a week): medians of draws; { $weeks }. Regret: attacks a week, at most, in nine of ten draws (95 %: its interval over draws; worst draw: in all; worst rules: in the structure of most regret). Resamples: those of the draws with the same choice, which says how stable it is and not how true. At least: the modelled part alone, so that more policies may show less. Other harm up to: attacks a week that harm beyond the model may be worth; beyond that, choose the policy under else. Loss: attacks averted less by the other choice; the margin is { $margin }. Dominated in: draws in which another policy is no worse in attacks, harm and staff, and better in one.
choice-among = { $among ->
    [all] all policies
    [without_force] without force, { $staff ->
        [inf] any staff
       *[other] at most { $staff } staff-weeks
    }
   *[harm_modelled] harm modelled in full
}
choice-arm = { $arm ->
    [none] no switch
    [announcement] announced
   *[full] full
}
choice-rules = { $structure ->
    [default] default
    [former] former rules
    [own_constant] liking by coin
    [rivals] rival rules
    [cash] money by cash couriers
    [any] all structures of the rules
   *[other] { $structure }
}
choice-harm = { $modelled ->
    [yes] { $usd }
    [part] at least { $usd }
   *[no] not modelled
}
choice-cell = { $changes ->
    [no] same choice
    [margin] another, loss within the margin
    [chance] another, perhaps by chance
   *[yes] another, loss beyond the margin
}
choice-rest = not drawn: { $names }
choice-harm-head = harm, USD a week
choice-regret-title = { $every ->
    [yes] { $name } is least regretted against every group
   *[no] { $name ->
        [none] the least regretted policy differs by group
       *[other] { $name } is in every least regretted mix
    }
}
choice-axis = regret, % of attacks; a dot a draw; nine of ten draws lie left of the stroke
choice-column = { $among ->
    [all] with force
   *[other] { $staff ->
        [inf] any staff
       *[other] { $staff } staff-weeks
    }
}
choice-with = { $title }, with { $staff }
choice-switched = { $arm ->
    [full] full switch
   *[other] announced
}: { $policy }
choice-switch-title = The switch changes the choice without force beyond the margin in { $yes } of { $of } cases
