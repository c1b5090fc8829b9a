sweep-table = Attacks a week with and without the switch, and the effect of the switch, per cent; { $weeks }
    .interaction = What each policy changes of the switch effect, percentage points: what undoes the switch has the other sign
    .policy = Effect of each policy against the status quo, per cent; of military policies on the attack rate
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
}{ $reaches ->
    [at] ; it reaches the margin ({ $least }) at { $reach } ({ $reach-low } to { $reach-high })
    [perhaps] ; it may reach the margin ({ $least }) from { $reach-low } to { $reach-high }
   *[nowhere] {""}
}.
no-switch = no switch

# Figures. ``what`` is that which a title is of: switch, policy, interaction or paths.

sweep-figure =
    .clause = { $what ->
        [switch] { $verdict ->
            [raises] the switch raises attacks
            [lowers] the switch lowers attacks
            [depends] the switch effect depends on { on-what }
            [negligible] the switch effect is negligible
           *[inconclusive] the switch effect is inconclusive
        }
        [policy] { $verdict ->
            [raises] policies raise attacks
            [lowers] policies lower attacks
            [depends] what policies do depends on { on-what }
            [negligible] the effect of policies is negligible
           *[inconclusive] the effect of policies is inconclusive
        }
        [interaction] { $verdict ->
            [depends] what policies do to the switch effect depends on { on-what }
            [negligible] policies hardly change the switch effect
           *[inconclusive] what policies do to the switch effect is inconclusive
        }
       *[paths] { $verdict ->
            [raises] attack capacity is higher with the switch
            [lowers] attack capacity is lower with the switch
            [depends] the change of attack capacity depends on { on-what }
            [negligible] the change of attack capacity is negligible in every week
           *[inconclusive] the change of attack capacity is inconclusive
        }
    }
    .title = { sweep-figure.clause }{ $of ->
        [one] { " " }({ $effect })
       *[other] { $every ->
            [yes] { " " }in every case
           *[no] { " " }in { $count } of { $of } cases
        }{ $verdict ->
            [negligible] { "" }
            [inconclusive] { "" }
           *[other] { $place ->
                [none] { " " }(up to { $effect })
               *[other] , most with { $place } ({ $effect })
            }
        }
    }
    .turn = { sweep-figure.clause } where { $name } is { $range ->
        [yes] { $low } to { $high }
       *[no] { $low }
    } or { $side }{ $on ->
        [none] { "" }
       *[other] , depending on { $on }
    }
    .flat = { $names } hardly { $count ->
        [one] changes
       *[other] change
    } it
    .at = { $name } at { $level }
    .policies = { $move ->
        [raises] attacks rise with { $policies }
        [lowers] attacks fall with { $policies }
        [raises-more] the switch raises attacks more under { $policies }
        [raises-less] the switch raises attacks less under { $policies }
        [lowers-more] the switch lowers attacks more under { $policies }
        [lowers-less] the switch lowers attacks less under { $policies }
        [leaves-more] the switch leaves more attacks under { $policies } than without
       *[leaves-fewer] the switch leaves fewer attacks under { $policies } than without
    } ({ $several ->
        [yes] by up to { $size }
       *[no] by { $size }
    })
    .unit = { $unit ->
        [share] 0 to 1
       *[other] { $unit }, 0 to 1
    }
    .key = Above panels, { $names }.
    .short = { $short } is { $name }
    .even = Squares are of one size, however far apart their levels are.
    .settled = { $runs ->
        [none] Most of the inconclusive effects would stay so with { $most } times as many replications.
       *[other] About { $runs } replications would settle { $count ->
            [one] the inconclusive effect.
           *[other] most of the { $count } inconclusive effects.
        }
    }
    .empty = nothing to compare
    .switch = The switch
    .dots = Dots: draws, or seeds where parameters are held; not all where they are many.
    .axis = switch effect on attacks, %
    .crossing = it crosses zero at { $zero } ({ $low } to { $high })
    .more = { $shown } of { $every } panels are drawn; the others are in { $file }.
sweep-size = { $type ->
    [switch] the share of donors who stop giving
    [leader] the share of know-how that is lost
   *[other] the size of { $shock }
}
    .unit = { $type ->
        [switch] 0 to 1
        [leader] 0 to 1
        [conflict] factor
        [windfall] million USD
        [inflow] million USD
       *[other] { "" }
    }
plot-sweep =
    .caption = Switch effect on the attack rate in the status quo, means of the { $weeks } weeks after { $day }; { $sample }
    .axis = switch effect on attacks, % of the run without it
sweep-policy =
    .caption = Policy minus status quo, means of the { $weeks } weeks after { $day }, on the attack rate; { $sample }
    .axis = change of attacks, % of the run with neither policy nor switch
sweep-interaction =
    .caption = Switch effect under a policy minus that in the status quo, means of the { $weeks } weeks after { $day }, on the attack rate; { $sample }
    .axis = change of the switch effect by the policy, points
sweep-levels =
    .title = attacks a week are fewest with { $least-place } ({ $least-rate }) and most with { $most-place } ({ $most-rate })
    .caption = Mean over { $runs } runs each, means of { $weeks } weeks; bar: 95% interval of the mean.
    .axis = attacks a week
sweep-paths =
    .alone = attack capacity by week
    .caption = Attack capacity by week, in the status quo; week 0 (dotted) is { $day }. Line: mean over { $runs } runs of each arm; band: middle 95% of draws, or of seeds where parameters are held. Each panel has its own scale.
    .axis = attack capacity, attacks/week
