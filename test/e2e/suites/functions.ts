/** The cases of the original's suite of functions. */

import type { Missing } from '../stories/missing.ts'
import { type Case, type CommandStep, reaches, reachesLater } from '../stories/step.ts'
import { cleanup, createFunction, createReady, loadImages, onNode, skipped } from './building-blocks.ts'

const jon = `'{"name": "Jon", "place": "Winterfell"}'`
const hello = { output: { myField: 'Hello, Jon from Winterfell' } }
const executes = (name: string): CommandStep => ({ run: `exec ${name} --input=${jon} --wait -o json`, has: hello })

const onPython = (name: string, handler: string) => ({ name, image: 'python3', path: 'examples/python3', handler })
const onJava = (name: string, className: string) => ({
  ...{ name, image: 'java', path: 'examples/java/hello-with-deps' },
  handler: `io.dispatchframework.examples.${className}`,
})
const powershell = { name: 'powershell-hello-no-schema', image: 'powershell', path: 'examples/powershell' }
const schemas = '--schema-in examples/nodejs/hello.schema.in.json --schema-out examples/nodejs/hello.schema.out.json'

/** The original makes it, then calls it. */
const later = (title: string, waitsFor: Missing): readonly Case[] =>
  ['create', 'execute'].map(verb => ({ title: `${verb} ${title}`, steps: [{ later: title, waitsFor }] }))

export const functions: readonly Case[] = [
  loadImages,
  { title: 'create node function no schema', steps: createReady(onNode('node-hello-no-schema', './hello.js')) },
  {
    title: 'create a function with duplicate name',
    steps: [
      createFunction(onNode('node-hello-dup', './hello.js')),
      {
        run: 'create function --image=nodejs node-hello-dup examples/nodejs --handler=./hello.js',
        fails: '[Code: 409] function node-hello-dup already exists\n',
      },
    ],
  },
  { title: 'execute node function no schema', steps: [executes('node-hello-no-schema')] },
  {
    title: 'delete node function no schema',
    steps: [
      { run: 'delete function node-hello-no-schema', prints: 'Deleted function: node-hello-no-schema\n' },
      { run: 'get runs node-hello-no-schema -o json', has: [] },
    ],
  },
  { title: 'create python function no schema', steps: createReady(onPython('python-hello-no-schema', 'hello.handle')) },
  { title: 'execute python function no schema', steps: [executes('python-hello-no-schema')] },
  {
    title: 'create powershell function no schema',
    steps: [
      createFunction({ ...powershell, handler: 'hello.ps1::handle' }),
      reachesLater('function', powershell.name, 'powershell'),
    ],
  },
  {
    title: 'execute powershell function no schema',
    steps: [
      {
        run: `exec ${powershell.name} --wait`,
        fails: `[Code: 404] function ${powershell.name} is not READY\n`,
        waitsFor: 'powershell',
      },
    ],
  },
  skipped('create powershell function with runtime deps'),
  skipped('execute powershell function with runtime deps'),
  { title: 'create java function no schema', steps: createReady(onJava('java-hello-no-schema', 'Hello')) },
  {
    title: 'execute java function no schema',
    steps: [
      {
        run: `exec java-hello-no-schema --input=${jon} --wait -o json`,
        has: { output: 'Hello, Jon from Winterfell' },
      },
    ],
  },
  ...later('java function with runtime deps', 'internet'),
  {
    title: 'create java function with classes',
    steps: createReady(onJava('java-hello-with-classes', 'HelloWithClasses')),
  },
  { title: 'execute java function with classes', steps: [executes('java-hello-with-classes')] },
  ...later('java function with spring support', 'internet'),
  {
    title: 'create node function with schema',
    steps: createReady({ ...onNode('node-hello-with-schema', './hello.js'), options: schemas }),
  },
  { title: 'execute node function with schema', steps: [executes('node-hello-with-schema')] },
  skipped('validate schema errors'),
  {
    title: 'execute node function with input schema error',
    steps: [{ run: 'exec node-hello-with-schema --wait -o json', has: { error: { type: 'InputError' } } }],
  },
  { title: 'create python function with runtime deps', steps: createReady(onPython('http', 'http_func.handle')) },
  {
    title: 'execute python function with runtime deps',
    steps: [{ later: '.output.status is 200, as http://example.com answers', waitsFor: 'internet' }],
  },
  {
    title: 'invalid handler',
    steps: [
      createFunction(onPython('invalid', 'non_existent_file.handle')),
      { run: 'get function invalid -o json', has: { status: 'ERROR', reason: [/./] }, until: true },
    ],
  },
  {
    title: 'create function with logging',
    steps: createReady({ name: 'logger', image: 'python3', path: 'logging_test.py', handler: 'logging_test.handle' }),
  },
  {
    title: 'execute function with logging',
    steps: [
      {
        run: 'exec logger --wait -o json',
        has: { logs: { stderr: ['this goes to stderr'], stdout: ['this goes to stdout'] } },
      },
    ],
  },
  {
    title: 'literal value payload',
    steps: [
      { run: `exec http --input='42' --wait`, has: { input: 42 } },
      { later: '.output.status is 200, as http://example.com answers', waitsFor: 'internet' },
    ],
  },
  {
    title: 'update function python',
    steps: [
      { run: 'update --work-dir . -f function_update.yaml', prints: 'Updated Function: python-hello-no-schema\n' },
      {
        run: 'exec python-hello-no-schema --wait -o json',
        has: { output: { myField: 'Goodbye, Noone from Nowhere' } },
        until: true,
      },
      reaches('function', 'python-hello-no-schema'),
    ],
  },
  { title: 'delete functions', steps: [{ clean: ['functions'] }] },
  cleanup,
]
