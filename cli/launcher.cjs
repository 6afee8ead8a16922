#!/usr/bin/env node
// Starts the bundled `dispatch` with its compiled code kept between runs, on a Node that can (22.1 or newer): compiling is
// most of a short command's own time. The folder is the user's own; in a shared one others could plant code.
const { join } = require('node:path')
const { HOME, XDG_CACHE_HOME } = process.env
const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'))
if (cache) require('node:module').enableCompileCache?.(join(cache, 'dispatch', 'compiled'))
require(join(__dirname, 'dispatch-cli.cjs'))
