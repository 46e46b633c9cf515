// A worker's timer: browsers slow the timers of hidden pages down, but not those of workers.
"use strict";

setInterval(() => postMessage("tick"), 1000);
