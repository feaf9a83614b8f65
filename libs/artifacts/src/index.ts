export { DeliverArtifact, PublishArtifact } from './artifacts.commands.js';
export { artifactEvents, type ArtifactEvent } from './artifacts.events.js';
export { fileType, type TreeManifest } from './artifacts.manifest.js';
export { ArtifactsApiModule, ArtifactsModule } from './artifacts.module.js';
export { GetArtifact, ListArtifacts, type ArtifactSummary, type ArtifactView } from './artifacts.queries.js';
