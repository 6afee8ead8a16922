/** Who may import whom: the table of docs/architecture.md as rules. Guarded by test/helpers/import-rules.ts. */
const domains = 'images|functions|runs|apis|events|secrets|iam|metrics|audit'
const ports =
  '^server/(store|docker|http)/(port|event-port|operation|shapes|resource|filter|read-body)\\.ts$|^server/disk/files\\.ts$'
const allow = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { pathNot: to, dependencyTypesNot: ['core', 'npm', 'npm-dev'] },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'nothing-imports-main', severity: 'error', from: {}, to: { path: '(^|/)main\\.ts$' } },
    { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    allow('core-is-alone', '^server/core/', '^server/core/'),
    {
      name: 'core-has-no-io',
      severity: 'error',
      from: { path: '^server/core/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|net|http|https|child_process|worker_threads|dgram|tls)' },
    },
    // Writing so that a power cut does no harm is the same everywhere, and easily forgotten in one of several copies.
    allow('disk-is-alone', '^server/disk/', '^server/disk/'),
    allow(
      'adapters-know-core',
      '^server/(store|docker|http)/',
      '^server/(core/|store/|docker/|http/|disk/files\\.ts$)',
    ),
    ...['store', 'docker', 'http'].map(room => ({
      name: `${room}-stays-home`,
      severity: 'error',
      from: { path: `^server/${room}/` },
      to: { path: '^server/(store|docker|http)/', pathNot: `^server/${room}/` },
    })),
    ...domains
      .split('|')
      .map(room =>
        allow(`${room}-knows-core-and-ports`, `^server/${room}/`, `^server/core/|^server/${room}/|${ports}`),
      ),
    allow('engine-knows-core-and-docker-port', '^server/engine/', '^server/(core/|engine/|docker/port)'),
    allow(
      'ui-knows-shapes-and-documents',
      '^server/ui/',
      '^server/(core|ui)/|^server/[a-z]+/schema\\.ts$|^server/http/(operation|document/[a-z]+)\\.ts$',
    ),
    allow('runtimes-know-the-launcher', '^server/runtimes/([^/]+)/', '^server/runtimes/($1|launcher)/'),
    allow('driver-programs-are-alone', '^server/drivers/([^/]+)/', '^server/drivers/($1/|[^/]+\\.ts$)'),
    allow('gateway-knows-core-and-http', '^server/gateway/', '^server/(core|http|gateway)/'),
    allow(
      'cli-knows-shapes',
      '^cli/',
      '^cli/|^server/[a-z]+/[a-z-]*schema\\.ts$|^server/audit/chain\\.ts$|^server/core/errors\\.ts$|^provisioning/(appliance|firstboot)/|^ova/(verify|properties)\\.ts$',
    ),
    allow('ova-is-alone', '^ova/', '^ova/'),
    allow('packer-knows-ova', '^packer/', '^(packer|ova)/'),
    // A password that an import brings must pass what the server asks of its users' own: one list, one rule.
    allow(
      'provisioning-knows-properties',
      '^provisioning/',
      '^provisioning/|^ova/properties\\.ts$|^server/(disk|http)/|^server/core/(errors|turns)\\.ts$|^server/iam/password-rules\\.ts$|^server/(ui/html|notify|version)\\.ts$',
    ),
    {
      name: 'one-dockerode',
      severity: 'error',
      from: { pathNot: '^server/docker/client\\.ts$|^test/' },
      to: { path: 'node_modules/dockerode' },
    },
    {
      name: 'one-zx-in-packer',
      severity: 'error',
      from: { path: '^packer/', pathNot: '^packer/shell\\.ts$' },
      to: { path: 'node_modules/zx' },
    },
    {
      name: 'one-exec-in-provisioning',
      severity: 'error',
      from: { path: '^provisioning/', pathNot: '/run\\.ts$' },
      to: { dependencyTypes: ['core'], path: 'child_process' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The bench's peers have dependencies of their own.
    exclude: { path: '^(dist|build|test/bench/peers)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
