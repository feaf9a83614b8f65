import { Inject, Injectable } from '@nestjs/common';
import type { AgentEngine } from '#contracts';
import { CONFIG, type Config } from '#platform';
import { SANDBOX, type Sandbox } from '#sandbox';
import type { Brain } from './brain.js';
import { claudeBrain, usesClaude } from './claude/engine.js';
import { ModelHealth } from './claude/model-health.js';
import { Blocked } from './claude/turns.js';
import { TemplateBrain } from './template/index.js';

/** The engines of this worker: rules and templates always, Claude where there is a key. */
@Injectable()
export class Brains {
  private readonly usual: AgentEngine;
  private readonly brains: Readonly<Partial<Record<AgentEngine, Brain>>>;

  /** @throws InvalidConfiguration where Claude is to think and there is no key */
  constructor(@Inject(CONFIG) config: Config, @Inject(SANDBOX) sandbox: Sandbox, @Inject(ModelHealth) health: ModelHealth) {
    this.usual = usesClaude(config) ? 'claude' : 'template';
    const claude = this.usual === 'claude' || config.ANTHROPIC_API_KEY !== undefined;
    this.brains = { template: new TemplateBrain(), ...(claude && { claude: claudeBrain(config, sandbox, health) }) };
  }

  /**
   * Who thinks for a task: the engine its project asks for, or the configured one.
   * @throws Blocked where this worker has no key for it
   */
  of(engine: AgentEngine | null): Brain {
    const brain = this.brains[engine ?? this.usual];
    if (brain) return brain;
    throw new Blocked(
      'model',
      'This project asks for Claude, and this server has no ANTHROPIC_API_KEY. Set one and approve to go on, or reject and begin again with the engine "template".',
    );
  }
}
