#!/usr/bin/env node
// Starts the bundled `dispatch` with what an earlier run of the same command has compiled of it: compiling is most of a
// short command's own time. Node's own cache would keep what is compiled before the first line runs, and no more.
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

// V8 checks the version and the flags of what it is given, but not the source that it comes from.
const bundleHash = 'BUNDLE_HASH'

// The folder is the user's own, and so is the file: in others somebody could plant code.
function findCompiled() {
  const { HOME, XDG_CACHE_HOME } = process.env
  const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'))
  const [command] = /^[a-z][a-z-]*$/.exec(process.argv[2] ?? '') ?? ['other']
  return cache && join(cache, 'dispatch', `${bundleHash}-${process.version}-${process.arch}`, command)
}

function readCompiled(file) {
  try {
    return statSync(file).uid === process.getuid() ? readFileSync(file) : undefined
  } catch {
    return undefined
  }
}

// What other bundles have left goes when this one leaves something for the first time.
function removeOthers(root) {
  const isOther = name => /^[0-9a-f]{16}-v/.test(name) && !name.startsWith(bundleHash)
  for (const name of readdirSync(root).filter(isOther)) rmSync(join(root, name), { recursive: true, force: true })
}

// The file appears whole or not at all, also when the power goes. Throws where there is no place for it.
function writeCompiled(file, script) {
  const draft = `${file}.${process.pid}`
  const isFirst = mkdirSync(dirname(file), { recursive: true, mode: 0o700 }) !== undefined
  try {
    writeFileSync(draft, script.createCachedData(), { mode: 0o600, flush: true })
    renameSync(draft, file)
    if (isFirst) removeOthers(dirname(dirname(file)))
  } finally {
    rmSync(draft, { force: true })
  }
}

function keepCompiled(file, script) {
  try {
    writeCompiled(file, script)
  } catch {
    // It is the next start that takes longer, and no more.
  }
}

const filename = join(__dirname, 'dispatch-cli.cjs')
const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(filename, 'utf8')}\n})`
const file = findCompiled()
const cachedData = file && readCompiled(file)
const script = new Script(source, { filename, cachedData })
// A command that fails may be none.
if (file && (!cachedData || script.cachedDataRejected))
  process.on('exit', code => code === 0 && keepCompiled(file, script))
script.runInThisContext()(exports, require, module, filename, __dirname)
