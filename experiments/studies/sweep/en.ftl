sweep-table = Attack capacity, attacks a week, with and without the switch, and the effect of the switch, per cent; { $weeks }
    .policies = Effect of each policy against the status quo, per cent; of military policies on the attack rate
    .levels = Interaction of the switch with each factor, without policy: its effect on attack capacity at a level less that at the first, percentage points
sweep-more = ... { $count } more in { $file }
no-switch = no switch
