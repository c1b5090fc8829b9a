# Headings

brief-short = In short
brief-found = Findings
brief-limits = Limits
brief-again = How to reproduce
brief-rests = Evidence
brief-more-figures = More figures
brief-sources = Where each number comes from
brief-nothing = The tables of this study hold no row from which a sentence can be made.
brief-more = More is in brief.html.
brief-disagrees = Patterns that the model does not reproduce, and what that means for the answer:
brief-outside = Questions outside the model:
brief-minds = What would change our mind:
brief-source = From the runs of { $source }; the table is in docs/validation.md.
brief-no-standing = No runs of the validation study are kept with this version: the model has not been compared with the record here.
brief-uncertain = Most uncertain: { $names }.
brief-drawn = * varied from run to run over the plausible range.

section-switch = { $arm ->
    [announcement] Switch, donors choose
    [full] Switch, every gift follows
   *[other] Switch, arm { $words }
}
section-privacy = Privacy alone: full switch less a switch to a twin of bitcoin
section-policies = Policies against the status quo
section-interaction = Interaction of policies and switch
section-averted = Attacks averted, by the military and by policies against finance
section-routing = Routing: campaign money straight to cells
section-world = Another world
section-loop = Loop of attacks and sympathy cut
section-staff = Attacks averted a week for a staff-week
section-surface = Every share that follows: { $words }
section-threshold = Share that must follow
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
    [none] if no campaign money goes straight to cells
    [all] if all campaign money goes straight to cells
   *[other] if a share of { $at } of campaign money goes straight to cells
}, { effect }.
loop = In { $group }, { $level ->
    [cut] with the loop cut
   *[other] with the loop { $at }
}, { effect }.
in-world = { $level ->
    [no_oil_loss] had no oil been lost
   *[other] in the world { $at }
}
world = In { $group }, { in-world }, without a switch: { $outcome } { $verdict ->
    [raises] is higher by { $size } ({ $interval })
    [lowers] is lower by { $size } ({ $interval })
    [negligible] differs by a negligible { $effect } ({ $interval })
   *[inconclusive] is inconclusive, { why-inconclusive }
}.
world-switch = In { $group }, { in-world }, { effect }.

harm-clause = { $harm ->
    [yes] ; lawful payments frozen or hindered { $harm-zero ->
        [yes] do not change
       *[no] change by { $harm-effect } ({ $harm-interval })
    }
   *[no] {""}
}
policy-largest = In { $group }, { effect }, the largest effect of a policy{ harm-clause }.
policy-none = In { $group }, no policy is shown to lower attacks; the largest effect is that of { $policy }: { value }.
countering = In { $group }, { $how ->
    [against] { $policy } counters the switch most: the effect of the switch differs by { $effect } ({ $interval }).
    [adds] no policy counters the switch; with { $policy } its effect differs by { $effect } ({ $interval }).
   *[none] { $switched ->
        [negligible] the switch has no effect to counter; the largest interaction is that of { $policy }: { value }.
       *[other] no interaction is shown; the largest is that of { $policy }: { value }.
    }
}
averted = In { $group }, { $verdict ->
    [lowers] { $policy } averts most of the { $side ->
        [military] military policies
       *[finance] policies against finance
    }, { $effect } ({ $interval })
   *[other] no { $side ->
        [military] military policy
       *[finance] policy against finance
    } is shown to avert attacks; the largest estimate is that of { $policy }, { $effect } ({ $interval })
}{ harm-clause }.
breakeven = In { $group }, { $a } averts more for the money than { $b } only below { $size } ({ $interval }) times its cost.
staff = In { $group }, of the policies of the { $agency }, { $policy } averts most by the median: { $effect } ({ $interval }).

point = { $follow-level ->
    [none] no donor follows
    [all] all donors follow
   *[some] a share of { $follow } of donors follows
} and { of-link }
of-link = { $link-level ->
    [none] transfers are never linked
    [all] transfers are always linked
   *[some] transfers are linked with probability { $link }
}
surface-point = In { $group }, { $verdict ->
    [raises] the largest rise of { $outcome } is where { point }: { $effect } ({ $interval })
    [lowers] the largest fall of { $outcome } is where { point }: { $effect } ({ $interval })
    [negligible] the effect on { $outcome } is negligible at every point; the largest is where { point }: { $effect } ({ $interval })
   *[inconclusive] no effect on { $outcome } is shown at any point; the largest is where { point }: { value }
}.
threshold = In { $group }, where { of-link }, { $never ->
    [yes] less arrives whoever follows: the share would have to exceed { $size }.
   *[no] more money arrives only if the share of donors that follows exceeds { $size }.
}
failed = { $failed } of { $runs } runs failed; their pairs are left out of every number above.
failed-rows = rows whose column error is not empty

# In short

headline-none = No row of the tables tells the effect of the switch on attack capacity
short-group = { $group }{ $known ->
    [no] {" "}(hypothetical)
   *[yes] {""}
}
donors = { $arm ->
    [announcement] if donors choose
    [full] if every gift follows
   *[other] in the arm { $words }
}
points = { $names }
    .title = the switch { at-points } in { $names }
    .short = at the shares and links tried, the switch { at-points }
at-points = { $verdict ->
    [raises] may raise { $outcome }
    [lowers] may lower { $outcome }
   *[other] { does }
}

# Key and limits

brief-measure = Capacity and money are means of the { $weeks } weeks after { $day }.
brief-choose = Unless said otherwise, donors choose.
brief-judged = Military policies are judged by the attack rate, others by capacity; attacks averted are of the attack rate.
brief-held = Held, though the study varies it: { $settings }.
brief-key = A draw is one set of values of the uncertain parameters; runs of a pair share their random numbers. { $held ->
    [yes] Parameters are held: a range is the 95% interval of the mean over seeds and shows noise alone.
   *[no] A value is the median of draws, a range the 95% uncertainty interval over parameter draws from { $drawn }, without noise; what is not drawn, and the rules, are held.
}
brief-verdict-effect = the interval excludes zero, most of it lies beyond the margin, and the test holds among all comparisons of its kind in the group
brief-verdict-negligible = all of it lies inside the margin, also with noise
brief-verdict-inconclusive = neither; or fewer than { $needed } draws, or seeds where parameters are held
brief-lines = Small numbers are lines of files in the folder of this brief (the header is line 1):

limit-judgement = Most parameters are judgement: intervals are as wide as the ranges held plausible.
limit-rise = The rise of attacks in Iraq in 2019-20 came before the switch. It is put in by date; the model does not explain it.
limit-cost = The cost of policies is unknown. Staff-weeks limit agencies; no source gives a policy's cost.
limit-strength = The strength of a policy at full intensity is assumed within a range; policies begin the day after the switch.
limit-harm = Harm counts lawful money alone: harm to civilians is not modelled, and delisting is charged as if an exchange's volume were spread evenly over its currencies.
limit-hypothetical = Hypothetical, to show where the answer could differ: { $groups }.
limit-margin = Differences below the margin{ $margin ->
    [none] {""}
   *[other] {" "}({ $margin }% of capacity)
} are called negligible, whatever their sign.
limit-forecast = Effects are differences between simulated runs with common random numbers, not forecasts, and not about real persons.

again-version = version
again-commit = commit
again-seeds = seeds
again-runs = runs
again-failed = of which { $failed } failed
again-replications = replications
again-draws = draws of the uncertain parameters
again-date = date

figure-paths = Capacity and money by week in each arm
figure-forest = Effect of every policy with its interval
figure-surface = Effect of the switch by share that follows and by traceability
figure-frontier = Attacks averted and lawful money hindered by each policy
figure-interaction = Effect of the switch under each policy
figure-core_network = Effect on the core and on the network
