# SPDX-License-Identifier: Apache-2.0
# Charts of bench-queue's CSV: messages a second, and round trips, by size.
#   gnuplot -e "csv='bench-queue.csv'" chart.gp
set datafile separator ','
set terminal svg noenhanced size 900,600 font 'sans-serif,14' background rgb 'white'
set logscale xy
set grid
set key outside right
set xlabel 'bytes of a message'
set xtics (8, 64, 256, '1 KiB' 1024, '4 KiB' 4096, '64 KiB' 65536, '1 MiB' 1048576)

# A comma in a name splits it for awk, so names are matched with theirs taken out.
pick(unit, name) = sprintf("< sed 's/, /; /g' %s | awk -F, '$1 == \"%s\" && $2 == \"two cores\" && $4 == \"\\\"%s\\\"\"'", csv, unit, name)

rates = "bare ring; batches|isthmus; sole; batches|isthmus; sole|isthmus; shared; batches|isthmus; shared|Boost message_queue|libqb|ZeroMQ ipc|POSIX mq|pipe|UNIX seqpacket"
trips = "bare ring; word by word|isthmus; sole|isthmus; shared|Boost message_queue|libqb|ZeroMQ ipc|POSIX mq|pipe|UNIX seqpacket"
item(list, n) = system(sprintf("echo '%s' | cut -d'|' -f%d", list, n))

set output 'bench-queue-rate.svg'
set title 'Messages a second, one sender, one receiver, two cores'
set ylabel 'messages a second'
plot for [i=1:11] pick('msg/s', item(rates, i)) using 3:6 with linespoints lw 2 title item(rates, i)

set output 'bench-queue-trip.svg'
set title 'Round trip, both sides waiting, two cores (median)'
set ylabel 'nanoseconds'
plot for [i=1:9] pick('ns p50', item(trips, i)) using 3:6 with linespoints lw 2 title item(trips, i)
