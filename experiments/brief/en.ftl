# Headings

brief-short = In short
brief-found = Findings
brief-limits = Limits
brief-again = How to reproduce
brief-rests = Evidence
brief-more-figures = More figures
brief-sources = Where each number comes from
brief-nothing = The tables of this study hold no finding.
brief-more = More is in brief.html.
brief-disagrees = Patterns that the model does not reproduce, and the meaning for the answer:
brief-outside = Questions outside the model:
brief-minds = What would change our mind:
brief-source = From the runs of { $source }; the table is in docs/validation.md.
brief-no-standing = This version holds no runs of the validation study: the model has not been compared with the record here.
brief-drawn = * varied from draw to draw over the plausible range.

section-switch = { $arm ->
    [announcement] Switch, donors choose
    [full] Switch, every gift follows
   *[other] Switch, arm { $words }
}
section-privacy = Privacy alone: full switch less placebo (switch to a twin of bitcoin)
section-policies = Policies against the status quo
section-interaction = Interaction of policies and switch
section-averted = Attacks averted: military policies and policies against finance
section-routing = Routing of campaign money
section-world = Counterfactual world
section-loop = No feedback from attacks to sympathy
section-staff = Attacks averted a week per staff-week
section-failed = Failed runs

# Findings

pairs = { $differ ->
    [yes] { $few } to { $many } pairs of runs
   *[no] { $many } { $count ->
        [one] pair
       *[other] pairs
    } of runs
}
privacy = In { $group }, { effect }.
routing = In { $group }, { $level ->
    [none] with no campaign money sent straight to cells
    [all] with all campaign money sent straight to cells
   *[other] with a share of { $at } of campaign money sent straight to cells
}, { effect }.
loop = In { $group }, { $level ->
    [cut] without the feedback from attacks to sympathy
   *[other] with the feedback { $at }
}, { effect }.
in-world = { $level ->
    [no_oil_loss] without the loss of oil
   *[other] in the world { $at }
}
world = In { $group }, { in-world } and without a switch, { $zero ->
    [yes] { $outcome } is the same
   *[no] { $verdict ->
        [raises] { $outcome } is higher by { $size } ({ ends })
        [lowers] { $outcome } is lower by { $size } ({ ends })
        [depends] the difference in { $outcome } depends on { on-what }: { $effect } ({ ends })
        [negligible] the difference in { $outcome } is negligible: { $effect } ({ ends })
       *[inconclusive] the difference in { $outcome } is inconclusive: { why-inconclusive }
    }
}.
world-switch = In { $group }, { in-world }, { effect }.

harm-clause = { $harm ->
    [yes] ; lawful payments frozen or hindered { $harm-zero ->
        [yes] do not change
       *[no] change by { $harm-effect } ({ $harm-interval })
    }{ $modelled ->
        [part] {" "}at least, for a part of its harm is not modelled
       *[yes] {""}
    }
   *[no] { $modelled ->
        [yes] {""}
       *[no] ; its harm is not modelled
    }
}
harm-ranked = { $unmodelled ->
    [none] {""}
   *[other] {" "}Harm is not weighed, and that of { $unmodelled } is not modelled.
}
policy-largest = In { $group }, { effect }, the largest effect of a policy{ harm-clause }.
policy-none = In { $group }, no policy is shown to lower attacks; the largest estimate is that of { $policy }: { value }.
countering = In { $group }, { $how ->
    [against] { $policy } counters the switch most: the effect of the switch differs by { $effect } ({ ends }).
    [adds] no policy counters the switch; with { $policy } its effect differs by { $effect } ({ ends }).
    [depends] how { $policy } changes the effect of the switch depends on { on-what }: it differs by { $effect } ({ ends }).
   *[none] { $switched ->
        [negligible] the switch has no effect to counter; the largest interaction is that of { $policy }: { value }.
       *[other] no interaction is shown; the largest estimate is that of { $policy }: { value }.
    }
}
averted = In { $group }, { $verdict ->
    [lowers] { $policy } averts most among { $side ->
        [military] military policies
       *[finance] policies against finance
    }: { $effect } ({ $interval })
    [depends] whether { $policy }, which has the largest median among { $side ->
        [military] military policies
       *[finance] policies against finance
    }, averts attacks depends on { on-what }: { $effect } ({ $interval })
   *[other] { $relative ->
        [none] no { $side ->
            [military] military policy
           *[finance] policy against finance
        } { $zero ->
            [yes] averts attacks
           *[no] is shown to avert attacks; the largest estimate is that of { $policy }: { $effect } ({ $interval })
        }
       *[other] { $policy } lowers { $relative } in per cent, but the number of attacks averted is { $verdict }: { $effect } ({ $interval })
    }
}{ harm-clause }.
breakeven = In { $group }, { $a } averts more for the money than { $b } only below { $size } ({ $interval }) times its cost.{ harm-ranked }
staff = In { $group }, { $policy } has the largest median among policies of the { $agency }: { $effect } ({ $interval }).{ harm-ranked }

failed = { $failed } of { $runs } runs failed; every number above leaves out their pairs.
failed-rows = rows whose column error is not empty

# In short

headline-none = The tables hold no effect of the switch on attack capacity
short-group = { $group }{ $known ->
    [no] {" "}(hypothetical)
   *[yes] {""}
}
donors = { $arm ->
    [announcement] if donors choose
    [full] if every gift follows
   *[other] in the arm { $words }
}

# Key and limits

brief-measure = Capacity and money are means of the { $weeks } weeks after { $day }.
brief-choose = Donors choose unless stated otherwise.
brief-judged = Military policies are judged by the attack rate, others by attack capacity; the attack rate gives attacks averted.
brief-held = The study varies these settings, and findings are at: { $settings }.
brief-key = Runs of a pair share their random numbers. { $held ->
    [yes] Parameters are held: a range is the 95% interval of the mean over seeds and shows noise alone.
   *[no] A draw is one set of values of the uncertain parameters. A value is the median over draws; a range holds 95% of draws from { $drawn } (all of fewer than { $needed }), without noise; a count is of draws as run. Other parameters, and the rules, are held.
}
brief-verdict-effect = the interval excludes zero, the median lies beyond the margin, and the test holds after correction for all policies that are compared in the group
brief-verdict-depends = neither holds, in { $needed } draws or more, and noise does not decide: the parameters do
brief-verdict-negligible = the whole interval lies inside the margin
brief-verdict-inconclusive = fewer than { $needed } draws ({ $seeds } seeds, if parameters are held), or noise could change the verdict
brief-lines = Superscripts are line numbers of files in the folder of this brief (the header is line 1):

limit-judgement = Most parameters rest on judgement: intervals are as wide as the assumed ranges.
limit-rise = Attacks in Iraq rose in 2019-20, before the switch. The model takes this rise as given and does not explain it.
limit-cost = The cost of policies is unknown: no source gives it. Staff-weeks limit agencies.
limit-strength = The strength of a policy at full intensity is assumed within a range. Policies begin the day after the switch.
limit-harm = Harm counts lawful money alone. That of { $unmodelled } is not modelled (published counts: 0.04 to 0.23 civilians killed a strike). Harm of delisting rests on the privacy coin's share in exchange volume, as exchanges report it.
limit-hypothetical = Hypothetical groups show where the answer could differ: { $groups }.
limit-margin = Differences below the margin{ $margin ->
    [none] {""}
   *[other] {" "}({ $margin }% of capacity)
} are called negligible, whatever their sign.
limit-forecast = Effects are differences between simulated runs with common random numbers. They are no forecasts and do not describe real persons.

again-model = version
again-commit = commit
again-seed = seeds
again-runs = runs
again-failed = of which { $failed } failed
again-replications = replications
again-draws = draws of the uncertain parameters
again-date = date

figure-paths = Capacity and money by week in each arm
figure-forest = Effect of every policy with its interval
figure-frontier = Attacks averted and lawful money hindered by each policy
figure-interaction = Effect of the switch under each policy
figure-core_network = Effect on the core and on the network

brief-no-pdf =
    brief.pdf was not made, because libraries of WeasyPrint are missing; brief.html is whole. Install Pango: on Debian and Ubuntu the packages libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, with Homebrew the package pango. Then run the same command again.
