/** Every script says how it is used, and begins nothing when it is asked so or misunderstood. */
import { spawnSync } from 'node:child_process'
import test from 'ava'

const scripts: { file: string; usage: RegExp; tooMuch?: string[] }[] = [
  { file: 'packer/build.ts', usage: /^Usage: npm run ova -- /, tooMuch: ['now'] },
  { file: 'packer/size.ts', usage: /^Usage: npm run ova:size\n/, tooMuch: ['now'] },
  { file: 'packer/update-lock.ts', usage: /^Usage: npm run ova:update\n/, tooMuch: ['now'] },
  { file: 'packer/boot.ts', usage: /^Usage: npm run boot -- \[FILE\.ova\]\n/, tooMuch: ['a.ova', 'b.ova'] },
  { file: 'packer/deploy.ts', usage: /^Usage: npm run deploy -- --target /, tooMuch: ['now'] },
  { file: 'packer/binaries.ts', usage: /^Usage: npm run binaries -- /, tooMuch: ['now'] },
  { file: 'packer/runtimes.ts', usage: /^Usage: npm run runtimes\n/, tooMuch: ['python3'] },
  {
    file: 'test/helpers/suites.ts',
    usage: /^Usage: node test\/helpers\/suites\.ts \[SUITE\.\.\.\]\n/,
    tooMuch: ['unti'],
  },
  { file: 'test/helpers/write-reference.ts', usage: /^Usage: npm run docs\n/, tooMuch: ['api.md'] },
  { file: 'test/boot/run.ts', usage: /^Usage: npm run test:boot -- /, tooMuch: ['a.ova', 'b.ova'] },
  { file: 'test/bench/run.ts', usage: /^Usage: npm run bench -- / },
  { file: 'ova/verify-file.ts', usage: /^Usage: npm run verify -- FILE\.ova\n/, tooMuch: ['a.ova', 'b.ova'] },
]

const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' })

for (const { file, usage, tooMuch } of scripts) {
  test(`${file}: --help prints how it is used, and begins nothing`, t => {
    const { status, stdout, stderr } = run(file, '--help')
    t.is(stderr, '')
    t.regex(stdout, usage)
    t.is(status, 0)
  })

  for (const args of [['--no-such-option'], ...(tooMuch ? [tooMuch] : [])])
    test(`${file} ${args.join(' ')} is refused in one line`, t => {
      const { status, stdout, stderr } = run(file, ...args)
      t.is(stdout, '')
      t.regex(stderr, /^[^\n]+\n$/)
      t.is(status, 2)
    })
}

for (const [option, known] of [
  ['base', 'debian, ubuntu, photon'],
  ['builder', 'qemu, vsphere, virtualbox'],
] as const) {
  test(`a ${option} that is none is refused with those that are`, t => {
    for (const wrong of ['windows', 'toString']) {
      const { status, stdout, stderr } = run('packer/build.ts', `--${option}`, wrong)
      t.is(stdout, '')
      t.is(stderr, `--${option} takes one of ${known}, not '${wrong}' (see --help)\n`)
      t.is(status, 2)
    }
  })
}

test('a number that is none is refused', t => {
  for (const wrong of ['ten', '-1', '1.5', '']) {
    const { status, stdout, stderr } = run('test/boot/run.ts', `--power-cuts=${wrong}`)
    t.is(stdout, '')
    t.is(stderr, `--power-cuts takes a whole number, not '${wrong}' (see --help)\n`)
    t.is(status, 2)
  }
})

test('a builder whose platform is not known is refused before anything is begun', t => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GOVC_')))
  const options = { encoding: 'utf8', env } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, ['packer/build.ts', '--builder', 'vsphere'], options)
  t.is(stdout, '')
  t.regex(stderr, /^ova: The vsphere builder needs .* Set GOVC_URL, .*\n$/)
  t.is(status, 2)
})

test('--locked is refused where no lock holds the packages, before anything is begun', t => {
  // Without tools no bake begins here, should the refusal be missing.
  const options = { encoding: 'utf8', env: { PATH: '/nowhere' } } as const
  for (const [wanted, named] of [
    [['--base', 'ubuntu'], 'ubuntu in qemu'],
    [['--base', 'photon'], 'photon in qemu'],
    [['--builder', 'virtualbox'], 'debian in virtualbox'],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['packer/build.ts', '--locked', ...wanted], options)
    t.is(stdout, '')
    t.is(stderr, `ova: --locked is not for ${named}: its packages are in no lock.\n`)
    t.is(status, 2)
  }
})

test('a SOURCE_DATE_EPOCH that is no time is refused before anything is begun', t => {
  const options = { encoding: 'utf8', env: { PATH: '/nowhere', SOURCE_DATE_EPOCH: 'today' } } as const
  const { status, stderr } = spawnSync(process.execPath, ['packer/build.ts'], options)
  t.regex(stderr, /^ova: SOURCE_DATE_EPOCH takes whole seconds .*, not 'today'/)
  t.is(status, 2)
})
