# Names

group-one = the group
group-is-core = the large group
group-donor-funded = the donor-funded group
group-external-network = the external network

outcome-capacity = attack capacity
outcome-rate = the attack rate
outcome-delivered = the money that arrives
outcome-seized = the money seized

arm = { $arm ->
    [none] no switch
    [announcement] announcement (donors choose)
    [full] full switch (every gift follows)
    [placebo] placebo (full switch to a twin of bitcoin)
   *[other] { $arm }
}
no-interval = no interval

# Verdicts: one sentence for each, the same for every contrast

why-inconclusive = { $shortage ->
    [draws] there are too few draws for a verdict
    [seeds] there are too few seeds for a verdict
   *[other] the interval is { $interval }
}
switch = { $verdict ->
    [raises] In { $group }, the switch raises { $outcome } by { $size } ({ $interval }).
    [lowers] In { $group }, the switch lowers { $outcome } by { $size } ({ $interval }).
    [negligible] In { $group }, the switch makes a negligible difference to { $outcome }: { $effect } ({ $interval }).
   *[inconclusive] In { $group }, the effect of the switch on { $outcome } is inconclusive: { why-inconclusive }.
}
    .counts = lower in { $below }, unchanged in { $within }, higher in { $above } of { $draws } draws
