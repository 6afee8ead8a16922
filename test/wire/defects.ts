/** Every defect of the original that must not come back, by what it concerns. */
import type { Defect } from './defect.ts'
import { defectsOfTraffic } from './defects-of-traffic.ts'

const here = 'wire/defects.test.ts'
const ofFunctions = 'wire/defects-functions.test.ts'
const connections = 'wire/connections.test.ts'
const runs = 'unit/server/runs'

export const defects: readonly Defect[] = [
  {
    of: 'all lists',
    original: 'other organizations included',
    tests: [[here, 'defect "other organizations are listed"']],
  },
  { of: 'all', original: 'an empty credential', tests: [[here, 'defect "any credential is accepted"']] },
  { of: 'all', original: 'any credential accepted', later: 'authentication' },
  {
    of: 'all lists',
    original: 'filters silently ignored',
    tests: [
      ['wire/filters.test.ts', 'defect "filters are ignored"'],
      ['wire/filters.test.ts', 'defect "state is ignored"'],
      [`${runs}/page.test.ts`, 'lists of runs are narrowed by tags and state'],
    ],
  },
  { of: 'all PUT', original: 'another name in the body is a 500', tests: [[here, 'defect "PUT with another name']] },
  { of: 'PUT, POST', original: 'crash without a body', tests: [[here, 'defect "no body crashes the request"']] },
  { of: 'image POST, PUT', original: 'crash without a name', tests: [[here, 'defect "an image without a name']] },
  { of: 'all', original: 'no Content-Type for who excludes JSON', tests: [[here, 'defect "Accept without JSON"']] },
  {
    of: 'base image POST',
    original: 'always pulled; ERROR without a network',
    tests: [
      ['unit/server/images/plan.test.ts', "somebody else's base image is pulled only when Docker does not hold it"],
    ],
  },
  { of: 'base image POST', original: 'reason kept after recovery', tests: [[here, 'defect "the reason stays"']] },
  {
    of: 'base image POST',
    original: 'a registry with a port confuses the parser',
    tests: [['unit/server/docker/reference.test.ts', 'the parts of what is written come out again']],
  },
  {
    of: 'base image PUT',
    original: 'the Docker image is removed although others use it',
    tests: [[ofFunctions, 'defect "an update removes the Docker image"']],
  },
  { of: 'base image DELETE', original: 'a stale status', tests: [[here, 'defect "a deletion shows a stale status"']] },
  {
    of: 'image, base image DELETE',
    original: 'allowed while in use, and nobody is told',
    tests: [
      ['unit/server/images/lifecycle.test.ts', 'a function stays on the content that it was built on'],
      ['unit/server/images/lifecycle.test.ts', 'an image outlives its base image'],
      [ofFunctions, 'defect "nobody is told that an image has gone"'],
    ],
  },
  {
    of: 'image POST, PUT',
    original: 'built from a base image that is not READY',
    tests: [['unit/server/images/plan.test.ts', 'an image waits while its base is being pulled']],
  },
  {
    of: 'function POST',
    original: 'not tried again when its image appears',
    tests: [[`${runs}/reconcile.test.ts`, 'a function created before its image is in ERROR']],
  },
  {
    of: 'function PUT',
    original: '404 while it is built',
    tests: [[`${runs}/reconcile.test.ts`, 'updates under load fail no call']],
  },
  { of: 'function DELETE', original: 'repeated ones race', tests: [[ofFunctions, 'defect "repeated deletions race"']] },
  {
    of: 'function DELETE',
    original: 'slow with many runs',
    tests: [[`${runs}/reconcile.test.ts`, 'deleting hides runs at once']],
  },
  {
    of: 'function DELETE',
    original: 'images are left behind',
    tests: [[`${runs}/reconcile.test.ts`, 'two quick updates end on the last one, and code of no other is left']],
  },
  {
    of: 'function states',
    original: 'CREATING after a crash for ever',
    tests: [[ofFunctions, 'defect "CREATING for ever"']],
  },
  {
    of: 'runs POST',
    original: 'the first call after READY may fail',
    tests: [['e2e/stories/functions.ts', 'hello world in Python']],
  },
  {
    of: 'runs POST',
    original: 'one call at a time',
    tests: [['unit/server/engine/workers.test.ts', 'a function has one worker, more while calls wait']],
  },
  {
    of: 'runs POST',
    original: 'abandoned calls hold the slot',
    tests: [[`${runs}/client-gone.test.ts`, 'a blocking run whose caller has gone ends as any other']],
  },
  {
    of: 'runs POST',
    original: 'dead after a restart of Docker',
    tests: [['unit/server/engine/workers.test.ts', 'after a restart of Docker, which ends every container']],
  },
  { of: 'runs POST', original: 'cut at 60 s', tests: [[connections, 'defect "blocking calls cut at 60 s"']] },
  {
    of: 'runs POST',
    original: '404 for a function that is not READY',
    tests: [[ofFunctions, 'defect "404 for not READY"']],
  },
  {
    of: 'runs GET',
    original: 'no limit, no order, kept for ever',
    tests: [
      [`${runs}/page.test.ts`, 'links lead through all runs, each once'],
      [`${runs}/page.test.ts`, 'without a limit all runs come, up to a number and a size'],
      [`${runs}/sweeper.test.ts`, 'by count the newest stay'],
    ],
  },
  { of: 'function schemas', original: 'numbers rejected', tests: [[ofFunctions, 'defect "numbers are rejected"']] },
  { of: 'run', original: 'finishedTime in 1754', tests: [[ofFunctions, 'defect "finished in 1754"']] },
  { of: 'run', original: 'stack traces with build paths', tests: [[ofFunctions, 'defect "the stack of the server"']] },
  { of: 'run GET', original: 'no name in the 404', tests: [[ofFunctions, 'defect "a run without a name"']] },
  ...defectsOfTraffic,
]
