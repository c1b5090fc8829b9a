privacy-switch-table = Effect of the switch on attacks, per cent of the same run without it; { $weeks }
    .policy = Effect of each policy with the switch announced, against the status quo, per cent
    .cost = Cost of the staff of each policy at full intensity, with the switch announced
    .interaction = Interaction: effect of the switch under each policy less that in the status quo, percentage points
privacy-switch-record = The same with the elasticity of the record: draws with combat.money in facts:attack-finance-elasticity
negligible-policies = { $group ->
    [none] negligible: { $policies }
   *[other] { $group }, negligible: { $policies }
}
