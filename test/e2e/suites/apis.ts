/** The cases of the original's suite of APIs: as objects; none is served yet. */
import { type Case, type LaterStep, reaches, type Step } from '../stories/step.ts'
import { cleanup, createReady, onNode } from './building-blocks.ts'

const create = (name: string, options: string): readonly Step[] => [
  { run: `create api ${name} func-nodejs ${options}`, prints: `Created api: ${name}\n` },
  reaches('api', name),
]
const served = (later: string): LaterStep => ({ later, waitsFor: 'gateway' })

export const apis: readonly Case[] = [
  {
    title: 'create images for test',
    steps: [
      { run: 'create base-image base-nodejs dispatchframework/nodejs-base:0.0.12 --language nodejs' },
      { run: 'create image nodejs base-nodejs' },
      reaches('image', 'nodejs'),
    ],
  },
  {
    title: 'create functions for test',
    steps: [
      ...createReady(onNode('func-nodejs', './hello.js')),
      ...createReady(onNode('node-echo-back', './debug.js')),
    ],
  },
  {
    title: 'HTTP(S)',
    steps: [
      ...create('api-test-http', '-m POST -p /http --auth public'),
      served('POST over http and https answers with the output'),
    ],
  },
  {
    title: 'HTTPS only',
    steps: [
      ...create('api-test-https-only', '-m POST --https-only -p /https-only'),
      { run: 'get api api-test-https-only -o json', has: { protocols: ['https'] } },
      served('over http: Please use HTTPS protocol'),
    ],
  },
  {
    title: 'API gateway transforms',
    steps: [
      ...create('api-test', '-m GET -m DELETE -m POST -m PUT -p /hello'),
      { run: 'get api api-test -o json', has: { methods: ['GET', 'DELETE', 'POST', 'PUT'] } },
      served('bodies, forms, queries and headers become the input'),
    ],
  },
  {
    title: 'CORS',
    steps: [
      ...create('api-test-cors', '-m POST -m PUT -p /cors --cors'),
      { run: 'get api api-test-cors -o json', has: { cors: true } },
      served('the answer has one Access-Control-Allow-Origin'),
    ],
  },
  {
    title: 'API updates',
    steps: [
      ...create('api-test-update', '-m GET -p /hello'),
      { run: 'update -f api_update.yaml', prints: 'Updated API: api-test-update\n' },
      reaches('api', 'api-test-update'),
      { run: 'get api api-test-update -o json', has: { protocols: ['https'], uris: ['/dispatch/goodbye'] } },
      served('GET /goodbye answers, /hello no longer'),
    ],
  },
  cleanup,
]
