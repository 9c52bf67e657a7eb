import neighbour

DEPTH = 2
OF = neighbour.NAME
