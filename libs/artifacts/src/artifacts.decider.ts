import type { ArtifactType } from '#contracts';
import { ensure, type Decider } from '#platform/domain';
import type { ArtifactCommandUnion } from './artifacts.commands.js';
import type { ArtifactEvent } from './artifacts.events.js';

export interface ArtifactsState {
  readonly published: readonly { readonly artifact_id: string; readonly type: ArtifactType; readonly version: number }[];
  /** Delivered and not pruned, oldest first. */
  readonly delivered: readonly string[];
}

export const artifactsDecider: Decider<ArtifactCommandUnion, ArtifactEvent, ArtifactsState> = {
  initial: { published: [], delivered: [] },

  decide(command, state) {
    const { artifact_id, run_id, content, file_count, bytes } = command.data;
    const known = state.published.some((one) => one.artifact_id === artifact_id);
    switch (command.type) {
      case 'publish_artifact': {
        if (known) return [];
        const { artifact_type: type, task_id, form } = command.data;
        const version = 1 + Math.max(0, ...state.published.filter((one) => one.type === type).map((one) => one.version));
        return [{ type: 'artifact.published', data: { artifact_id, run_id, task_id, type, form, version, content, file_count, bytes } }];
      }
      case 'deliver_artifact': {
        ensure(known, 'not_found', 'There is no such artifact.');
        if (state.delivered.includes(artifact_id)) return [];
        const surplus = [...state.delivered, artifact_id].slice(0, -command.data.keep);
        return [
          { type: 'artifact.delivered', data: { artifact_id, run_id, content, file_count, bytes } },
          ...surplus.map((old): ArtifactEvent => ({ type: 'artifact.pruned', data: { artifact_id: old, run_id } })),
        ];
      }
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'artifact.published':
        return { ...state, published: [...state.published, { artifact_id: data.artifact_id, type: data.type, version: data.version }] };
      case 'artifact.delivered':
        return { ...state, delivered: [...state.delivered, data.artifact_id] };
      case 'artifact.pruned':
        return { ...state, delivered: state.delivered.filter((one) => one !== data.artifact_id) };
    }
  },
};
