/** The tests' own servers of packages, as a container with a network sees them. Needs root. */

import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import plain from 'node:http'
import secured, { type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createInstance } from '../../helpers/network-probe.ts'
import { type PackageIndex, startPackageIndex } from '../../helpers/package-index.ts'
import { until } from '../../helpers/wait.ts'

const packages = {
  pip: [
    { name: 'polite-words', version: '1.0', files: { 'polite_words.py': 'def hello(): return "hello from pip"\n' } },
  ],
  npm: [{ name: '@words/polite', version: '2.0.0', files: { 'index.js': 'exports.hello = () => "hello"\n' } }],
  maven: [
    {
      group: 'org.example',
      artifact: 'polite',
      version: '3.0',
      classes: [{ className: 'org.example.Polite', method: 'hello', answers: 'hello from maven' }],
    },
  ],
  debian: [{ name: 'polite', version: '4.0-1', files: { 'usr/bin/polite': '#!/bin/sh\necho hello\n' } }],
}

/** Reads each kind of package with nothing but Python's own library. */
const reader = `
import io, json, os, re, sys, tarfile, urllib.parse, urllib.request, zipfile
urls = json.loads(os.environ['URLS'])
def get(url): return urllib.request.urlopen(url, timeout=20).read()
def absolute(base, page): return urllib.parse.urljoin(base, re.search(r'href="([^"]+)"', page.decode()).group(1))
page = urls['pip'] + '/polite-words/'
wheel = get(absolute(page, get(page)))
open('/out/wheel.whl', 'wb').write(wheel)
sys.path.insert(0, '/out/wheel.whl')
import polite_words
version = json.loads(get(urls['npm'] + '@words%2fpolite'))['versions']['2.0.0']
tarball = tarfile.open(fileobj=io.BytesIO(get(version['dist']['tarball'])))
jar = zipfile.ZipFile(io.BytesIO(get(urls['maven'] + 'org/example/polite/3.0/polite-3.0.jar')))
debian = urls['debian'].split(' ')[2] + '/'
listed = dict(line.split(': ', 1) for line in get(debian + 'Packages').decode().splitlines())
report = {
    'pip': [polite_words.hello(), zipfile.ZipFile('/out/wheel.whl').testzip()],
    'npm': sorted(tarball.getnames()),
    'maven': [jar.namelist(), jar.testzip(), b'hello from maven' in jar.read('org/example/Polite.class')],
    'debian': [listed['Package'], int(listed['Size']) == len(get(debian + listed['Filename']))],
}
with open('/out/report.part', 'w') as file: json.dump(report, file)
os.rename('/out/report.part', '/out/report')
`

test('packages of all four kinds are read from a container', async t => {
  const instance = createInstance(t)
  const index = await startPackageIndex(t, packages)
  const out = await mkdtemp(join(tmpdir(), 'dispatch-packages-'))
  t.teardown(() => rm(out, { recursive: true }))
  await chmod(out, 0o777)
  await instance.start(
    { mounts: [{ hostPath: out, path: '/out', readOnly: false }], env: { URLS: JSON.stringify(urlsOf(index)) } },
    reader,
  )
  const report = await until('the report', () => readFile(join(out, 'report'), 'utf8').catch(() => undefined))
  t.deepEqual(JSON.parse(report), {
    pip: ['hello from pip', null],
    npm: ['package/index.js', 'package/package.json'],
    maven: [['org/example/Polite.class'], null, true],
    debian: ['polite', true],
  })
  t.true(index.asked.includes('/maven/org/example/polite/3.0/polite-3.0.jar'))
})

test('what is served can be taken back', async t => {
  const index = await startPackageIndex(t, packages)
  const statusOf = async () => (await fetch(`${index.pipIndexUrl}/polite-words/`)).status
  t.is(await statusOf(), 200)
  await index.serve({})
  t.is(await statusOf(), 404)
})

test('it is known by its certificate over TLS, and answers for other addresses as a proxy', async t => {
  const secure = await startPackageIndex(t, packages, { overTls: true })
  const { ca = '' } = secure
  const statusOf = (options: RequestOptions, url: string) =>
    new Promise((resolve, reject) =>
      (url.startsWith('https') ? secured : plain)
        .get(url, options, answer => resolve(answer.resume().statusCode))
        .on('error', reject),
    )
  const page = `${secure.pipIndexUrl}/polite-words/`
  t.is(await statusOf({ ca }, page), 200)
  await t.throwsAsync(statusOf({}, page), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  const index = await startPackageIndex(t, packages)
  t.is(await statusOf({ path: 'http://packages.invalid/debian/Packages' }, index.proxy), 200)
})

const urlsOf = ({ pipIndexUrl, npmRegistry, mavenRepository, debianSources }: PackageIndex) => ({
  pip: pipIndexUrl,
  npm: npmRegistry,
  maven: mavenRepository,
  debian: debianSources,
})
