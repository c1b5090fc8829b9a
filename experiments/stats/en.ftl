# The value of information (experiments/stats/information.py). Shares are of the value of perfect information

information-settles = { $parameter } settles { $share } ({ $low } to { $high })
information = { $state ->
    [closed] Nothing is open: knowing all of the parameters would not change the choice.
   *[open] Of what is open, { $settling ->
        [none] no single parameter settles more than chance would
       *[other] knowing { $settling }
    }{ $nothing ->
        [none] {""}
       *[other]; knowing { $nothing } settles nothing (at most { $most })
    }.
}
