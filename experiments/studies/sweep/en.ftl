sweep-table = Attack capacity, attacks a week, with and without the switch, and the effect of the switch, per cent; { $weeks }
    .policies = Effect of each policy against the status quo, per cent; of military policies on the attack rate
    .trends = Trend of each effect along each factor: the effect at "level" less that at "than", percentage points
sweep-trend = { $contrast ->
    [switch] The switch
   *[policy] { $policy }
}{ $case }: from { $factor } { $than } to { $level } the effect on { $outcome } { $verdict ->
    [raises] rises by { $size } points ({ $interval }; { $count })
    [lowers] falls by { $size } points ({ $interval }; { $count })
    [negligible] hardly changes: by { $size } points ({ $interval }; { $count })
    [depends] changes by { $size } points ({ $interval }; { $count }), which depends on what is drawn
   *[inconclusive] has an inconclusive trend: { $size } points ({ $interval }; { $count })
}{ $mean ->
    [none] {""}
   *[some] , mean over { $mean }
}; { $crossing ->
    [crosses] it crosses zero { $times ->
        [one] at { $zero } ({ $zero-low } to { $zero-high })
       *[other] { $times } times, first at { $zero } ({ $zero-low } to { $zero-high })
    }
    [above] it does not cross zero in the range
    [below] it does not cross zero in the range
    [negligible] it is negligible throughout
    [depends] its sign depends on what is drawn at { $zero-low } to { $zero-high }{ $range ->
        [at] , and the median of draws is zero at { $zero }
       *[some] {""}
    }
   *[open] whether it crosses zero is inconclusive{ $range ->
        [none] {""}
        [at] : at { $zero } as measured, and it may be zero from { $zero-low } to { $zero-high }
       *[some] : it may be zero from { $zero-low } to { $zero-high }
    }
}.
sweep-more = ... { $count } more in { $file }
no-switch = no switch
