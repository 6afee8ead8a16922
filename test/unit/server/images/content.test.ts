/** What an image holds follows from its base and its packages, and from nothing else. */
import test from 'ava'
import fc from 'fast-check'
import {
  type Additions,
  type BuildRequest,
  planContent,
  renderSystemPackages,
} from '../../../../server/images/content.ts'
import { dockerImageOf } from '../../../helpers/docker-image.ts'

const label = (name: string) => `io.dispatchframework.solo.${name}`
const dockerImage = dockerImageOf({
  labels: { [label('language')]: 'python3', [label('packages')]: '{"requests":"2.32.3"}' },
})
const base = { reference: 'dispatch-solo/python3:1', dockerImage }
const foreign = { reference: 'me/mine:1', dockerImage: { ...dockerImage, labels: {} } }
const plan = (additions: Partial<Additions>, on = base) =>
  planContent({ manifest: '', systemPackages: [], ...additions }, on)

function requestOf(additions: Partial<Additions>, on = base): BuildRequest {
  const content = plan(additions, on)
  if (content.kind !== 'build') throw new Error(`${content.kind} is no build`)
  return content.request
}

for (const manifest of ['', '\n \n', 'requests', 'requests\n', 'requests==2.32.3\n\nrequests']) {
  test(`${JSON.stringify(manifest)} is there without a build`, t => {
    t.is(plan({ manifest }).kind, 'base')
  })
}

for (const manifest of [
  'requests==2.0.0',
  'requests>=2',
  'constructor',
  '__proto__',
  '-r x',
  'requests\npandas',
  '{}',
]) {
  test(`${JSON.stringify(manifest)} needs a build`, t => {
    t.like(requestOf({ manifest }), { contract: 'worker', manifest })
  })
}

test('a base whose list of packages cannot be read holds none of them', t => {
  for (const packages of ['{', 'null', '7']) {
    const labels = { ...dockerImage.labels, [label('packages')]: packages }
    const unreadable = { ...base, dockerImage: { ...dockerImage, labels } }
    t.is(plan({ manifest: 'requests' }, unreadable).kind, 'build')
    t.is(plan({ manifest: '' }, unreadable).kind, 'base')
  }
})

test('system packages need a build, with or without a version', t => {
  const request = requestOf({ systemPackages: [{ name: 'curl', version: '7.1' }, { name: 'g++' }] })
  t.is(renderSystemPackages(request), 'curl=7.1\ng++\n')
})

test("somebody else's base image is built on even without packages, by the rules of the original", t => {
  t.is(requestOf({}, foreign).contract, 'http')
  const systemPackages = [{ name: 'curl', version: '7.1' }]
  t.is(renderSystemPackages(requestOf({ systemPackages }, foreign)), 'curl 7.1\n')
})

const faults: [string, { name: string; version?: string }, typeof base, RegExp][] = [
  [
    'a package without a version, for a Dockerfile',
    { name: 'curl' },
    foreign,
    /: empty name or version, name='curl', version=''$/,
  ],
  ['a package without a name', { name: '' }, base, /: no name of a Debian package, name=''/],
  ['an option in place of a name', { name: '-oX=y' }, base, /no name of a Debian package/],
  ['a second line in a name', { name: 'a\nb' }, base, /no name of a Debian package/],
  ['a second line in a version', { name: 'a', version: '1\nb' }, base, /no version of a Debian package/],
  ['a blank for a Dockerfile', { name: 'a b', version: '1' }, foreign, /blank in name or version/],
]
for (const [title, systemPackage, on, expected] of faults) {
  test(`${title} is refused`, t => {
    const content = plan({ systemPackages: [systemPackage] }, on)
    t.is(content.kind, 'impossible')
    t.regex(content.kind === 'impossible' ? content.reason : '', expected)
    t.regex(
      content.kind === 'impossible' ? content.reason : '',
      /^failed to write packages file system-packages.txt: invalid system package: /,
    )
  })
}

test('the hash tells contents apart, and nothing else', t => {
  const systemPackages = fc.array(
    fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9]{1,5}$/), version: fc.stringMatching(/^[0-9.]{1,3}$/) }),
    { maxLength: 3 },
  )
  const additions = fc.record({ manifest: fc.stringMatching(/^x[a-z\n]{0,4}$/), systemPackages })
  fc.assert(
    fc.property(additions, additions, (a, b) => {
      const isSame = JSON.stringify([a.manifest, a.systemPackages]) === JSON.stringify([b.manifest, b.systemPackages])
      t.is(requestOf(a).hash === requestOf(b).hash, isSame)
    }),
    { numRuns: 200 },
  )
  t.not(
    requestOf({}, foreign).hash,
    requestOf({}, { ...foreign, dockerImage: { ...foreign.dockerImage, id: 'sha256:2' } }).hash,
  )
})
