// Every ./b2p looks whether bills are right, and hardly one makes any: what it takes to make them is loaded by who does.

export async function imageBom(...words: Parameters<typeof import('./bom.ts')['imageBom']>): Promise<string> {
  return (await import('./bom.ts')).imageBom(...words)
}

export async function licencesOf(...words: Parameters<typeof import('./licences.ts')['licencesOf']>) {
  return (await import('./licences.ts')).licencesOf(...words)
}
