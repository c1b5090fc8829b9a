# The value of information (experiments/stats/information.py). Shares are of the value of perfect information

information-settles = Knowing { $parameter } settles { $share } of that ({ $low } to { $high }).
information = { $state ->
    [closed] Nothing is open: knowing all of the parameters would not change the choice.
    [noise] Runs do not show what is open: noise is larger than all that knowing the parameters could add.
   *[open] { $settling ->
        [none] No single parameter settles more of that than chance would.
       *[other] { $settling }
    }{ $nothing ->
        [none] {""}
       *[other] {" "}Knowing { $nothing } settles nothing (at most { $most }).
    }
}

# What effects depend on, where they turn, which policy is least regretted, what is worth knowing (explained.py)

explained-place = { $axis ->
    [gifts-kept] where campaigns keep { $side ->
        [sign] about
        [more] over
       *[less] under
    } { $at } of their gifts ({ $low } to { $high })
    [campaign-share] where campaigns bring { $side ->
        [sign] about
        [more] over
       *[less] under
    } { $at } of the money ({ $low } to { $high })
   *[other] where { $name } is { $side ->
        [sign] about
        [more] above
       *[less] below
    } { $at } ({ $low } to { $high })
}
explained-drivers = { $hint ->
    [yes] A hint from { $draws } draws.{" "}
   *[no] {""}
}{ $count ->
    [0] In { $group } the effect of the switch depends on no single parameter more than chance would have it.
   *[other] In { $group } the effect of the switch depends most on { $first }.{ $second ->
        [none] {""}
       *[other] {" "}Next comes { $second }; { $count } drivers explain { $together } of its variation over draws.
    }
}
explained-turn = { $turn ->
    [sign] Its sign turns { explained-place }.
    [falls] It lowers attacks by over { $margin } in { $falls } of draws, mostly { explained-place }.
    [rises] It raises attacks by over { $margin } in { $rises } of draws, mostly { explained-place }.
    [within] In no draw does it change attacks by over { $margin }.
   *[none] It lowers attacks by over { $margin } in { $falls } of draws and raises it as much in { $rises }; no line tells these apart.
}{ $right ->
    [none] {""}
   *[other] {" "}This sorts { $right } of draws rightly ({ $majority } without it).
}{ $box ->
    [none] {""}
   *[other] {" "}It { $word } attacks so in { $density } of draws where { $box }; { $coverage } of such draws lie there.
}
explained-limit = { $name } is { $over ->
    [yes] above
   *[other] at most
} { $at }
explained-open = { $about ->
    [verdict] Open in { $group }: whether the switch changes attacks by over { $margin }.
   *[policy] Open against { $group }: which policy without force averts most attacks.
}

# Choice of a policy (experiments/stats/decision.py)

choice-option = { $policy }{ $intensity ->
    [full] {""}
   *[other] {" "}at { $intensity }
}
choice-by = A policy is chosen by least regret: what the best policy of a draw within the staff averts beyond it, in nine of ten draws.
choice-group = { $first ->
    [yes] Against { $group } without force, with
   *[no] With
} { $staff }: { $policy }, which averts { $averts } of { $of } attacks a week ({ $regret }).
choice-staff = { $some ->
    [all] any staff
    [more] { $staff } staff-weeks a week or more
   *[most] at most { $staff } staff-weeks a week
}
choice-regret = { $none ->
    [worst] no other averts more in any draw
    [naive] no other averts noticeably more in nine of ten draws; regret at worst { $worst }
   *[no] regret { $naive }, 95 % interval { $low } to { $high }, at worst { $worst }
}
choice-few = In the median draw no policy without force averts more than { $margin } of attacks.
choice-force = { $modelled ->
    [yes] With force it is { $policy } ({ $averts }).
   *[no] With force, attacks alone pick { $policy } ({ $averts }); its harm is not counted, so this is no recommendation.
}
choice-place = { $group } with { $staff }
choice-changes = { $by ->
    [switch] The switch changes
    [cash] If money goes by cash couriers and not by hawala, that changes
   *[structure] Other rules change
} this choice in { $any ->
    [0] none of { $of } cases
   *[other] { $any } of { $of } cases{ $count ->
        [0] , never beyond the margin
       *[other] , beyond the margin in { $count } ({ $places })
    }
}{ $by ->
    [cash] { $chosen ->
        [none] {""}
       *[other] , to { $chosen }
    }
   *[other] {""}
}; { $by ->
    [switch] ignoring it costs
    [cash] ignoring it costs
   *[structure] believing the wrong rules costs
} at most { $most } of attacks.
