# The value of information (experiments/stats/information.py). Shares are of the value of perfect information

information-settles = { $parameter } settles { $share } ({ $low } to { $high })
information = { $state ->
    [closed] Nothing is open: knowing all of the parameters would not change the choice.
    [noise] Runs do not show what is open: noise is larger than all that knowing the parameters could add.
   *[open] Of what is open, { $settling ->
        [none] no single parameter settles more than chance would
       *[other] knowing { $settling }
    }{ $nothing ->
        [none] {""}
       *[other]; knowing { $nothing } settles nothing (at most { $most })
    }.
}

# What effects depend on, where they turn, which policy is least regretted, what is worth knowing (explained.py)

parameter-combat-money = the elasticity of capacity to money
parameter-combat-people = the elasticity of capacity to fighters
parameter-giving-public-rate = how often donors give to public campaigns
parameter-giving-network-rate = how often donors give to network appeals
parameter-choice-risk = aversion to perceived risk
parameter-choice-cost = aversion to fees and spread
parameter-choice-ask = the pull of the coin asked for
parameter-campaigns-sigma = how far campaigns differ in size
parameter-inspiration-salience = how far news of arrests and freezes raises perceived risk
parameter-rails-gap = how much less donors like { $rail } than the coin it replaces
parameter-rails-constant = how donors like { $rail }
parameter-rails-traceability-link = how well { $rail } can be traced
parameter-rails-traceability-freeze = how much of { $rail } can be frozen
parameter-gifts-kept = the share of their gifts that campaigns keep
parameter-campaign-share = the share of the money that campaigns bring
parameter-product = { $a } together with { $b }

explained-place = { $axis ->
    [gifts-kept] where campaigns keep { $side ->
        [sign] about
        [more] more than about
       *[less] less than about
    } { $at } of their gifts ({ $low } to { $high })
    [campaign-share] where campaigns bring { $side ->
        [sign] about
        [more] more than about
       *[less] less than about
    } { $at } of the money that arrives ({ $low } to { $high })
   *[other] where { $name } is { $side ->
        [sign] about
        [more] above about
       *[less] below about
    } { $at } ({ $low } to { $high })
}
explained-turn = { $turn ->
    [sign] its sign turns { explained-place }; { $right } of draws lie on the right side of that
    [falls] { $rise ->
        [no] no draw rises beyond the margin; capacity
       *[yes] capacity rises beyond the margin in { $rises } of draws, and
    } falls beyond it in { $falls }, mostly { explained-place }; { $right } of draws lie on the right side of that
    [rises] { $fall ->
        [no] no draw falls beyond the margin; capacity
       *[yes] capacity falls beyond the margin in { $falls } of draws, and
    } rises beyond it in { $rises }, mostly { explained-place }; { $right } of draws lie on the right side of that
    [within] no draw leaves the margin
   *[none] { $rise ->
        [no] no draw rises beyond the margin, { $falls } fall beyond it
       *[yes] { $falls } of draws fall beyond the margin, { $rises } rise beyond it
    }, and no line tells them apart
}
explained-turns = { $hint ->
    [yes] A hint from { $draws } draws: the
   *[no] The
} effect of the switch in { $group } { $count ->
    [0] depends on no single parameter more than chance would have it
   *[other] depends most on { $drivers }{ $count ->
        [1] ,
        [2] , which together explain
       *[other] , which with { $count ->
            [3] one more explains
           *[other] others explain
        }
    } { $together } of its variation over draws
}; { explained-turn }.

explained-value = { $about ->
    [verdict] The switch in { $group }: { $words }
   *[choice] The choice of a policy against { $group }: { $words }
}

# Choice of a policy (experiments/stats/decision.py)

choice-option = { $policy }{ $intensity ->
    [full] {""}
   *[other] {" "}at { $intensity }
}
choice-by = A policy is chosen by least regret: what the best policy of a draw averts beyond it, in nine of ten draws.
choice-group = { $among ->
    [without_force] Against { $group } without force: { $policy } (regret { $regret }), which averts { $averts } of { $of } attacks a week.
   *[all] { $modelled ->
        [yes] With force it is { $policy } ({ $averts }).
       *[other] With force, attacks alone pick { $policy } ({ $averts }); its harm is not counted, so this is no recommendation.
    }
}
choice-changes = { $by ->
    [switch] The switch changes
   *[structure] Other rules change
} this choice in { $count ->
    [0] none of { $of } cases
   *[other] { $count } of { $of } cases ({ $groups })
}; { $by ->
    [switch] ignoring it costs
   *[structure] the wrong rules cost
} at most { $most } of attacks.
