# Adaptive design (experiments/study/adaptive.py). ``limit`` is the setting most=

adaptive-plan = precision           then more runs where a verdict is inconclusive and they would close it, most={ $limit }
adaptive-next = { $all ->
    [one] The verdict is
   *[other] { $open } of { $all } verdicts { $open ->
        [one] is
       *[other] are
    }
} inconclusive; { $runs } runs are added where they would close { $open ->
    [one] it
   *[other] them
}, up to { $seeds } replications
adaptive-none = precision=verdict: the study compares nothing, so that there is no verdict to close
adaptive-first = { $all ->
    [one] The verdict
   *[other] { $first } of { $all } verdicts
} needed no more runs
adaptive-closed = { $closed ->
    [one] 1 verdict was
   *[other] { $closed } verdicts were
} closed by runs that were added: { $closed_list }
adaptive-depends = { $depends ->
    [one] 1 verdict depends
   *[other] { $depends } verdicts depend
} on parameters, so that knowledge of these would tell and more runs would not: { $depends_list }
adaptive-most = { $most ->
    [one] 1 verdict is
   *[other] { $most } verdicts are
} inconclusive within most={ $limit }; so many replications would tell: { $most_list }
adaptive-never = { $never ->
    [one] 1 verdict is
   *[other] { $never } verdicts are
} inconclusive, and 64 times as many runs would not tell: { $never_list }

# While a study runs, and after Ctrl-C (experiments/study/so_far.py, experiments/study/cli.py)

cells-shared = ; runs that several cells share are made once
running = So far, after { $made } of { $of } { in-sets.unit }, { $clauses }.
running-clause = { $first ->
    [True] { acting } { acts } attacks by
   *[False] { acts } those by
} { $group } { $split ->
    [True] in { $count } of { $of }
   *[False] ({ $count } of { $of })
}
running-none = No more is said while runs are made ({ $error }).
partial-report = The { $made } of { $of } { in-sets.unit } that are whole are reported; Ctrl-C again ends at once.
partial-resume = This is the report of { $made } of { $of } { in-sets.unit }. To go on:

# Summary in the terminal (experiments/study/terminal.py)

title-at = { $title }, at { $levels } unless it says otherwise
terminal-head = { $title }: { $runs } runs, { $draws ->
    [0] parameters held
    [one] 1{ of-planned } set of assumptions
   *[other] { $draws }{ of-planned } sets of assumptions
}
of-planned = { $planned ->
    [0] {""}
   *[other] {" "}of { $planned }
}
terminal-switch = Attacks with the switch, changes over { $margin }, in { $of } { $counts ->
    [seeds] seeds
   *[sets] sets
}
terminal-below = fewer
terminal-within = same
terminal-above = more
terminal-median = median
terminal-best = Policies with which attacks are mostly fewer, and the lawful payments that they hinder{ in-fewer }{ so-far }
    .policy = { $policy }: { $change } by { $group } ({ $below } of { $of }); payments: { $modelled ->
    [yes] { $harm } a week
    [none] none
   *[no] not modelled
}
terminal-averted = { $averted } of { $base } attacks a week fewer
terminal-never = Policies that hardly change attacks in the model, and the lawful payments that they hinder{ in-fewer }{ so-far }
    .policy = { $policy }: attacks { $recorded ->
    [one] by { $group } hardly change
   *[other] hardly change in any group on record
}; payments: { $harm } a week
terminal-unsure = What these do depends on what is assumed, or needs more runs: { $names }
terminal-rest = And { $count } more: { $names }
in-fewer = { $fewer ->
    [0] {""}
   *[other] , in { $fewer } of these sets
}
so-far = { $few ->
    [yes] {" "}so far (runs are too few)
   *[no] {""}
}
terminal-more = { $count ->
    [one] One more finding
   *[other] { $count } more findings
}: { $python ->
    [yes] study.tables has all tables
   *[no] --full prints all tables
}
terminal-files = Files in { $folder }: { $names ->
    [none] {""}
   *[other] { $names },{" "}
}{ $tables } tables{ $figures ->
    [0] {""}
    [one] , 1 figure
   *[other] , { $figures } figures
}; { $python ->
    [yes] study.files names
   *[no] --full names
} them all
