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
