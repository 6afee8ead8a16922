/** The cases of the original's suite of images. */
import { type Case, reaches, reachesLater, seedLines } from '../stories/step.ts'
import { cleanup, loadImages } from './building-blocks.ts'

const languages = ['nodejs', 'python3', 'powershell', 'java'] as const
const reachesIfThere = (kind: string, name: string, language: (typeof languages)[number]) =>
  language === 'powershell' ? reachesLater(kind, name, language) : reaches(kind, name)

export const images: readonly Case[] = [
  {
    // The original also wants INITIALIZED at the very next call; a base image that is on this machine may be READY by then.
    title: 'base image creation',
    steps: [
      { run: 'get base-image', prints: /^ {2}NAME \| URL \| STATUS \| CREATED DATE {2}\n-+\n$/ },
      ...languages.flatMap(language => [
        {
          run: `create base-image base-${language} dispatchframework/${language}-base:0.0.13 --language ${language}`,
          prints: `Created base image: base-${language}\n`,
        },
        reachesIfThere('base-image', `base-${language}`, language),
      ]),
      {
        run: 'create base-image missing-image missing/image:latest --language nodejs',
        prints: 'Created base image: missing-image\n',
      },
      { run: 'get base-image -o json', has: [{}, {}, {}, {}, {}] },
      reaches('base-image', 'missing-image', 'ERROR'),
    ],
  },
  {
    title: 'image creation',
    steps: languages.flatMap(language => [
      { run: `create image ${language} base-${language}`, prints: `Created image: ${language}\n` },
      reachesIfThere('image', language, language),
    ]),
  },
  { title: 'delete images', steps: [{ clean: ['images'] }] },
  { title: 'delete base images', steps: [{ clean: ['base-images'] }] },
  loadImages,
  {
    title: 'create with URL',
    steps: [{ later: 'create -f https://.../seed.yaml; from a file: the stories', waitsFor: 'internet' }],
  },
  {
    title: 'update images',
    steps: [
      {
        run: 'update --work-dir . -f images_update.yaml',
        prints: 'Updated BaseImage: nodejs-base\nUpdated Image: python3\n',
      },
      reaches('base-image', 'nodejs-base'),
      reaches('image', 'python3'),
      { run: 'get base-image nodejs-base -o json', has: { language: 'python3' } },
      { run: 'get image python3 -o json', has: { tags: [{ key: 'update' }] } },
      { run: 'update -f image_not_found_update.yaml', fails: /^\[Code: 404\] .*python3-bases not found\n$/ },
    ],
  },
  {
    title: 'batch delete images',
    steps: [
      { run: 'create seed-images -O seed-set.yaml' },
      { run: 'delete --file seed-set.yaml', prints: seedLines('Deleted') },
      { run: 'get base-images -o json', has: [], until: true },
    ],
  },
  cleanup,
]
