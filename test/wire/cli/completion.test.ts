/** The completion script, run by bash against a program that stands in for `dispatch`. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { parseJson } from '../../../cli/format/json.ts'
import { renderYaml } from '../../../cli/format/yaml.ts'
import { createStage, type Stage } from './stage.ts'

async function createShell(t: ExecutionContext): Promise<Stage> {
  const stage = await createStage(t)
  const { stdout } = await stage.dispatch(['completion'])
  t.true(stdout.startsWith('# bash completion for dispatch'))
  stage.write('completion.sh', stdout)
  return stage
}

/** What TAB offers behind these words, the last of which is the one being typed. */
function complete({ cwd }: Stage, words: readonly string[]): string[] {
  const quoted = words.map(word => `'${word}'`).join(' ')
  const script = `. ./completion.sh; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; __start_dispatch; echo "\${COMPREPLY[@]}"`
  const env = { PATH: `${join(cwd, 'bin')}:${process.env.PATH}` }
  return execFileSync('bash', ['--norc', '-c', script], { cwd, env, encoding: 'utf8' }).trim().split(' ')
}

/** Answers every command line with functions of these names and writes the command line down. */
function installStub(stage: Stage, names: readonly string[]): void {
  const functions = names.map(name => ({ createdTime: 1, name, tags: [{ key: 'name', value: 'x' }] }))
  stage.write('objects.yaml', renderYaml(parseJson(JSON.stringify(functions))))
  stage.write('bin/dispatch', '#!/bin/sh\necho "$@" > asked.txt\ncat objects.yaml\n')
  chmodSync(join(stage.cwd, 'bin/dispatch'), 0o755)
}

const readAsked = ({ cwd }: Stage) => execFileSync('cat', ['asked.txt'], { cwd, encoding: 'utf8' })

test('the completion script is bash that knows commands, aliases and flags', async t => {
  const shell = await createShell(t)
  t.deepEqual(complete(shell, ['dispatch', 'ge']), ['get'])
  t.deepEqual(complete(shell, ['dispatch', 'create', '']), [
    'api',
    'base-image',
    'eventdriver',
    'eventdrivertype',
    'function',
    'image',
    'secret',
    'seed-images',
    'subscription',
  ])
  t.deepEqual(complete(shell, ['dispatch', '-o', 'json', 'create', 'functions', '--schema']), [
    '--schema-in',
    '--schema-out',
  ])
})

test('names come from the server, which gets two seconds', async t => {
  const shell = await createShell(t)
  installStub(shell, ['hello-js', 'hello_2.py', 'other'])
  t.deepEqual(complete(shell, ['dispatch', 'exec', 'he']), ['hello-js', 'hello_2.py'])
  t.is(readAsked(shell), 'get functions -o yaml --request-timeout 2s\n')
})

test('names of a hostile server are never run by the shell', async t => {
  const shell = await createShell(t)
  const hostile = ['a\n  name: $(>ran)', '$(>ran)', '`>ran`', 'x[$(>ran)]', "'open", 'a;b', '*']
  installStub(shell, ['safe', ...hostile])
  t.deepEqual(complete(shell, ['dispatch', 'exec', '']), ['safe'])
  t.false(existsSync(join(shell.cwd, 'ran')))
})
