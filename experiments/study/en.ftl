# Adaptive design (experiments/study/adaptive.py). ``limit`` is the setting most=

adaptive-plan = precision           then more runs where a verdict is inconclusive and they would close it, most={ $limit }
adaptive-next = { $open } of { $all } verdicts { $open ->
    [one] is
   *[other] are
} inconclusive; { $runs } runs are added where they would close them, up to { $seeds } replications
adaptive-none = precision=verdict: the study compares nothing, so that there is no verdict to close
adaptive-closed = Of { $all } verdicts { $first } needed no more runs{ $closed ->
    [0] {""}
   *[other] , and { $closed } { $closed ->
        [one] was
       *[other] were
    } closed by runs that were added: { $closed_list }
}
adaptive-depends = { $depends } { $depends ->
    [one] depends
   *[other] depend
} on parameters, so that knowledge of these would tell and more runs would not: { $depends_list }
adaptive-most = { $most } { $most ->
    [one] is
   *[other] are
} inconclusive within most={ $limit }; so many replications would tell: { $most_list }
adaptive-never = { $never } { $never ->
    [one] is
   *[other] are
} inconclusive, and 64 times as many runs would not tell: { $never_list }
