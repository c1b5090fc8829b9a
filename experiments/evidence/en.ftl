# Draws beside published figures, in the studies of validation and calibration

range-published = published
range-widened = widened by its grade
multiple-axis = multiple of the published figure (log scale)
drawn-head = median [central 90 % of draws]
