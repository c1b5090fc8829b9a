# Titles, captions and labels of the shared figures. ``.title`` is of several findings (findings.together), whose names
# are in the form ``.item``; ``.caption`` is the method in the small print.

plot-verdict = { $verdict ->
    [raises] raises or lowers
    [depends] depends
    [negligible] negligible
    [idle] exactly zero in every draw
    [margin] within the margin of relevance
   *[inconclusive] inconclusive
}
plot-sample = { $parameters ->
    [held] { $pairs } pairs of runs on common random numbers, parameters held; { $shape ->
            [none] colour: { $marker }.
           *[other] marker: { $marker }; { $shape }: 95% interval of the mean.
        }
   *[drawn] { $pairs } pairs of runs on common random numbers, { $draws } draws of the parameters; { $shape ->
            [none] colour: { $marker } of draws.
            [band] marker: { $marker } of draws; band: 95% uncertainty interval over draws.
           *[bar] marker: { $marker } of draws; thick bar: 95% Monte Carlo interval of the mean; thin bar: 95%
            uncertainty interval over draws.
        }
}
plot-day = the day of the switch, which varies
plot-arm = The title is on the { $arm }.
plot-draws = { $count ->
    [1] { " " }({ $effect }{ counted.title })
   *[other] { "" }
}
plot-tally = { $count ->
    [1] { $tallied ->
        [yes] { " " }({ $tally })
       *[no] { "" }
    }
   *[other] { "" }
}

plot-forest =
    .item = { $verdict ->
        [raises] { $policy } in { $groups }{ plot-draws }
        [lowers] { $policy } in { $groups }{ plot-draws }
        [depends] { $policy } in { $groups }{ plot-draws }
       *[other] { $groups }
    }
    .title = { $verdict ->
        [raises] attacks rise most with { $names }
        [lowers] attacks fall most with { $names }
        [depends] whether policies lower attacks depends on { on-what }: most with { $names }
        [negligible] every policy has a negligible effect on attacks in { $names }
       *[inconclusive] no policy is shown to lower attacks in { $names }
    }
    .caption = Policy minus status quo, means of the { $weeks } weeks after { $day }, on the attack rate;
        { $sample } { $main-arm }
    .axis = change of attacks, % of the run with neither policy nor switch

plot-interaction =
    .item = { $change ->
        [no] { $groups }
       *[yes] { $verdict ->
            [raises] { $groups } ({ $change-policy } takes most of it back)
            [lowers] { $groups } ({ $change-policy } takes most of it back)
           *[other] { $groups }{ plot-tally } ({ $change-policy } changes it most)
        }
    }
    .title = { $verdict ->
        [raises] the switch raises attacks in { $names }
        [lowers] the switch lowers attacks in { $names }
        [depends] the switch effect depends on { on-what } in { $names }
        [negligible] the switch effect is negligible in { $names }, so there is nothing to take back
       *[inconclusive] the switch effect is inconclusive in { $names }
    }
    .caption = Left: the switch effect on the attack rate under each policy, means of the { $weeks } weeks after { $day }. Right: its change by the policy, a difference in points. { $sample }
        { $main-arm }
    .panel = { $contrast ->
        [switch] Switch effect:
       *[interaction] Change by policy:
    }
        { $arm }
    .axis = % of the run with neither policy nor switch; right: difference in points

plot-core-network =
    .item = { $part ->
        [both] core and network of { $groups }
        [rate_core] the core of { $groups }{ plot-draws }
       *[rate_network] the network of { $groups }{ plot-draws }
    }
    .title = { $verdict ->
        [raises] the switch raises the attacks of { $names }
        [lowers] the switch lowers the attacks of { $names }
        [depends] the switch effect depends on { on-what } for { $names }
        [negligible] the switch effect is negligible on { $names }
       *[inconclusive] the switch effect is inconclusive on { $names }
    }
    .caption = Switch effect on the attacks of core provinces and of the global network, status quo, means of the
        { $weeks } weeks after { $day }; { $sample } { $main-arm }
    .part = { $there ->
        [no] { $outcome ->
            [rate_core] no core
           *[rate_network] no network
        }
       *[yes] { $outcome ->
            [rate_core] core
           *[rate_network] network
        }
    }
    .axis = share of campaign money that goes straight to cells
    .beside = switch effect, % of no switch

plot-frontier =
    .item = { $verdict ->
        [lowers] { $policy } in { $groups } ({ $harm ->
            [unmodelled] harm not modelled
            [part] hinders at least { $money } USD of lawful money a week, the rest of its harm not modelled
            [unknown] harm to lawful users unknown
            [negligible] no harm to lawful users
            [raises] hinders { $money } USD of lawful money a week
            [lowers] spares { $money } USD of lawful money a week
            [depends] the sign of its harm to lawful users depends on the parameters
           *[inconclusive] harm to lawful users inconclusive
        })
        [raises] { $policy } in { $groups }
        [depends] { $policy } in { $groups }
       *[other] { $groups }
    }
    .title = { $verdict ->
        [raises] attacks rise with { $names }
        [lowers] most attacks averted: { $names }
        [depends] whether policies avert attacks depends on { on-what }: most with { $names }
        [negligible] every policy averts a negligible number of attacks in { $names }
       *[inconclusive] it is not shown that any policy averts attacks in { $names }
    }
    .caption = Policy minus status quo, { $arm }, means of the { $weeks } weeks after { $day }, on the attack rate; { $pairs } pairs of runs on common random numbers. Points: intensity { $strengths }, lines from the status quo;
        bars: 95% uncertainty interval over draws. Marker: verdict on attacks averted, in attacks; grey where no policy
        of the agency averts any or may avert any. { $unmodelled ->
        [yes] Grey column: policies whose harm is not modelled: unknown, not zero.
       *[no] { "" }
    } { $part ->
        [yes] Triangles: mixes with at least this harm, of which a part is not modelled.
       *[no] { "" }
    } { $delisting ->
        [yes] Harm of delisting privacy coins rests on the share of the privacy coin in the volume of exchanges.
       *[no] { "" }
    } { $count ->
        [0] { "" }
       *[other] Not drawn, as they change no attack at all: { $still }.
    }
    .still = { $policy } ({ $group })
    .agency = { $agency ->
        [fiu] FIU
        [several] Several agencies
        [chain_analyst] Chain analyst
        [regulator] Regulator
        [prosecutor] Prosecutor
        [military] Military
        [communicators] Communicators
       *[other] { $agency }
    }
    .unmodelled = not modelled
    .axis = lawful money frozen or hindered, USD/week
    .beside = attacks averted a week

plot-paths =
    .item = { $verdict ->
        [raises] { $groups } ({ $effect } after { $weeks } weeks)
        [lowers] { $groups } ({ $effect } after { $weeks } weeks)
       *[other] { $groups }
    }
    .title = { $verdict ->
        [raises] attack capacity rises in { $names }
        [lowers] attack capacity falls in { $names }
        [negligible] the change of attack capacity is negligible in every week in { $names }
        [depends] the change of attack capacity has no one sign over draws in { $names }
       *[inconclusive] the change of attack capacity is inconclusive in { $names }
    }
    .empty = no attack capacity to compare
    .caption = Each arm minus no switch on common random numbers{ $placebo ->
        [yes] {" "}(the placebo: minus its own world without a switch)
       *[no] { "" }
    }, status quo; week 0 (dotted) is { $day }. Line: mean over { $parameters ->
        [held] seeds, parameters held
       *[drawn] { $draws } draws of the parameters
    }; band: middle 95%. { $runs } { $runs ->
        [one] run
       *[other] runs
    } in each arm. Grey: within the margin of relevance. Money: mean of the last { $smooth } weeks. Each panel has its own
        scale. { $main-arm }
    .panel = { $outcome ->
        [capacity] { $group }: capacity, % of no switch
       *[delivered] Money delivered, USD/week (no switch: { $money })
    }
    .axis = weeks from the switch

plot-drivers =
    .title = { $top } matters most in { $count } of { $of } { $of ->
        [1] group
       *[other] groups
    }
    .mark = { $kind ->
        [driver] driver
        [lent] no more than stronger ones lend it
        [measured] measured quantity
       *[chance] share that chance reaches
    }
    .caption = Share of the variance of the effect's rank over { $draws } draws that each explains alone, out of sample;
        bar: 95% jackknife interval. Grey: the largest share of all parameters in 99% of permutations. Drivers are found
        by forward selection. What the group chooses is no driver.
    .axis = share of the variation of the switch effect explained alone, %

plot-turning =
    .title = { $head }: { $turn ->
        [sign] the sign turns { $axis ->
            [gifts-kept] where campaigns keep about { $at } of their gifts
            [campaign-share] where campaigns bring about { $at } of the money
           *[other] at { $at } of { $name }
        }
        [within] no draw leaves the margin of { $margin }
        [none] no line tells the draws apart
       *[other] attacks { $turn ->
            [falls] fall
           *[other] rise
        } where { $axis ->
            [gifts-kept] campaigns keep
            [campaign-share] campaigns bring
           *[other] { $name } is
        } { $side ->
            [more] over
           *[less] under
        } { $at }{ $axis ->
            [gifts-kept] {" "}of gifts
            [campaign-share] {" "}of money
           *[other] {""}
        }
    }
    .mark = { $kind ->
        [lowers] draw that falls beyond the margin
        [raises] draw that rises beyond the margin
        [negligible] draw within the margin
        [sign] the sign turns
       *[margin] the effect crosses the margin
    }
    .caption = A point a draw, of { $draws }; lines: logistic regression on both axes and their product.
