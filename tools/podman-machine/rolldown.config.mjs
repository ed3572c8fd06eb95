import { defineConfig } from 'rolldown'

// What the npm package holds: no other packages, and a file for each verb, so that none waits for another's.
export default defineConfig({
  input: { 'podman-machine': 'src/cli.ts' },
  platform: 'node',
  // What a module only exports and nobody uses is left out, with all that it imports.
  treeshake: { moduleSideEffects: false },
  transform: {
    target: 'node20',
    define: {
      'process.env.PODMAN_MACHINE_BUILD': JSON.stringify(process.env.PODMAN_MACHINE_BUILD ?? 'none'),
    },
  },
  output: { dir: process.env.PODMAN_MACHINE_OUTPUT ?? 'out', format: 'esm', chunkFileNames: '[name].js' },
})
