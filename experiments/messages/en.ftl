# Names

every = { $over ->
    [group] every group
    [policy] every policy
    [arm] every arm
    [vendor] every vendor
    [donors] in every arm
   *[other] every case
}

# Numbers

cost = { $priced ->
    [yes] { $usd }
    [part] at least { $usd }
   *[no] not priced
}
cost-note = USD: the price of staff alone (enforcement.staff_week). { $unpriced ->
    [none] {""}
   *[other] Not priced: { $unpriced }.{" "}
}Staff of the military and of communicators has no published price; a mix with such staff costs at least what the rest of it does. ∞: attacks averted may be none.
draws = { $count ->
    [one] { $count } draw
   *[other] { $count } draws
}
seeds = { $count ->
    [one] { $count } seed
   *[other] { $count } seeds
}
sample = { $shortage ->
    [seeds] { seeds }
   *[draws] { draws }
}

# Verdicts: one sentence for each, the same for every contrast. ``.title``: of several findings (findings.together)

counted = { $tallied ->
    [yes] ; { $tally }
   *[no] {""}
}
    .title = { $tallied ->
    [yes] , { $tally }
   *[no] {""}
}
with-tally = { $item ->
    [item] { $name }
   *[other] { $tallied ->
        [yes] { $name } ({ $tally })
       *[no] { $name }
    }
}
ends = { $interval }{ counted }
would-tell = { $tell ->
    [yes] ; about { $runs-needed } pairs of runs would tell
   *[no] ; more runs would hardly tell
}
why-inconclusive = { $reason ->
    [draws] { $made } draws are too few for a verdict{ counted }
    [seeds] { $pairs } seeds are too few for a verdict{ counted }
    [noise] noise could change the verdict, { $range }{ counted }{ would-tell }
    [single] noise is unknown with one seed a draw, { $range }{ counted }{ would-tell }
    [mean] noise alone is wider, { $range }{ counted }{ would-tell }
   *[other] the interval is { $range }
}
title-few = { $why }{ $names ->
    [none] {""}
   *[other] : { $names }
}
on-what = { $depends-on ->
    [unknown] the parameters
   *[other] { $depends-on }
}
does = { $verdict ->
    [raises] raises { $outcome }
    [lowers] lowers { $outcome }
    [mixed] may raise or lower { $outcome }
    [depends] has an effect on { $outcome } that depends on { on-what }
    [negligible] has a negligible effect on { $outcome }
   *[inconclusive] has an inconclusive effect on { $outcome }{ too-few-of }
}
too-few-of = { $reason ->
    [draws] {" "}(too few draws)
    [seeds] {" "}(too few seeds)
   *[other] {""}
}
subject = { $kind ->
    [policy] { $policy }
    [privacy] privacy alone
   *[other] the switch
}
effect = { $verdict ->
    [raises] { subject } raises { $outcome } by { $size } ({ ends })
    [lowers] { subject } lowers { $outcome } by { $size } ({ ends })
    [depends] the effect of { subject } on { $outcome } depends on { on-what }: { $effect } ({ ends })
    [negligible] { subject } has a negligible effect on { $outcome }, within { $margin }: { $effect } ({ ends })
   *[inconclusive] the effect of { subject } on { $outcome } is inconclusive: { why-inconclusive }
}
value = { $reason ->
    [draws] { $effect } ({ $interval }); { why-inconclusive }
    [seeds] { $effect } ({ $interval }); { why-inconclusive }
   *[other] { $effect } ({ ends })
}

switch = In { $group }, { effect }.
    .title = { $first ->
    [yes] the switch { does } in { $names }
   *[no] { $verdict ->
        [raises] raises it in { $names }
        [lowers] lowers it in { $names }
        [mixed] may raise or lower it in { $names }
        [depends] depends on { on-what } in { $names }
        [negligible] negligible in { $names }
       *[inconclusive] inconclusive in { $names }{ too-few-of }
    }
}

# Sentences on a plan as a whole

weeks-of-cells = the { $weeks } weeks after the switch of each cell
means-over = means of { $weeks }{ $missing ->
    [none] {""}
    [some] : in some cells none, for { $reason }
   *[every] : none, for { $reason }
}
too-few = { sample } { $count ->
    [one] is
   *[other] are
} too few for a verdict ({ $needed } needed): use { $typed }.
one-seed = With one seed a draw noise cannot be told from parameters, so that no verdict is "depends": use seeds_per_draw=2 or precision=verdict.
empty = Every outcome is empty: the runs end before the window of { $weeks } weeks after the switch does (report.window).
files = Files in { $folder }: { $names }
    .figures = Figures in { $folder }: { $names } (png, svg)
drawn-from = { $source ->
    [posterior] the posterior
   *[plausible] assumed ranges
}
legend =
    { $held ->
        [yes] median: the mean over seeds (parameters are held); 95 % interval: of that mean, so it shows noise alone
       *[no] median, interval: over parameter draws from { $drawn }, without noise; other parameters and the rules are held
    }
    ±: half-width of the 95 % Monte Carlo interval of the mean; more runs make it smaller
    n: pairs of runs
    { $held ->
        [yes] count: seeds below or above zero
       *[no] 95 % interval: where 95 % of draws lie (below 39 draws: all of them); count: draws below or above zero
    }
    raises, lowers: { $held ->
        [yes] the interval lies beyond the margin of { $margin } %
       *[no] the interval excludes zero, and the median lies beyond the margin of { $margin } %
    }
    negligible: the interval lies inside the margin{ $held ->
        [yes] {""}
       *[no] ; depends: neither, so that parameters decide
    }; inconclusive: too few { $held ->
        [yes] seeds, or noise decides
       *[no] draws, or noise could change the word
    }
