/** Owns the seed set: the base images and images that a new server starts with. */
export const seedImages = `kind: BaseImage
name: nodejs-base
dockerUrl: dispatchframework/nodejs-base:0.0.12
language: nodejs
---
kind: BaseImage
name: python3-base
dockerUrl: dispatchframework/python3-base:0.0.13
language: python3
---
kind: BaseImage
name: powershell-base
dockerUrl: dispatchframework/powershell-base:0.0.13
language: powershell
---
kind: BaseImage
name: java-base
dockerUrl: dispatchframework/java-base:0.0.13
language: java
---
kind: Image
name: nodejs
baseImageName: nodejs-base
---
kind: Image
name: python3
baseImageName: python3-base
runtimeDependencies:
  manifest: requests
---
kind: Image
name: powershell
baseImageName: powershell-base
---
kind: Image
name: java
baseImageName: java-base
`
