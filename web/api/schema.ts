// Made from docs/openapi.json by `npm run docs`. Not to be edited.

export interface paths {
  '/v1/plans/compile': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Check a plan without running it: form, graph, expressions, tools; answers its digest and what a run will need.
     * @description Needs the permission `run:read`.
     */
    post: operations['plans.compile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/plans/dry-run': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Show what a run would do and touch nothing: every argument rendered with secrets masked, every precondition checked as far as it is known before the run.
     * @description Needs the permission `run:start`.
     */
    post: operations['plans.dryRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List runs, the newest first, by status, lane or part of the title.
     * @description Needs the permission `run:read`.
     */
    get: operations['runs.list'];
    put?: never;
    /**
     * Compile a plan and put it into the queue. Once this answers, the run is acknowledged: it will end, or wait with a reason.
     * @description Needs the permission `run:start`.
     */
    post: operations['runs.start'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/rerun': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start a run again as a new one: from a step on, or only what failed, or with other inputs. What was done before is taken over with its proofs.
     * @description Needs the permission `run:start`.
     */
    post: operations['runs.rerun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show one run: its steps with attempts and verdicts, what it waits for and why, and what can be done with it now.
     * @description Needs the permission `run:read`.
     */
    get: operations['runs.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/logs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the steps of a run printed, attempt by attempt, in the order in which they began; secrets are masked.
     * @description Needs the permission `run:read`.
     */
    get: operations['runs.logs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a run now: running steps are stopped; what was done is undone only when the plan says so.
     * @description Needs the permission `run:control`.
     */
    post: operations['runs.cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let the running steps of a run finish and start no more.
     * @description Needs the permission `run:control`.
     */
    post: operations['runs.pause'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Go on with a run that was paused or waits.
     * @description Needs the permission `run:control`.
     */
    post: operations['runs.resume'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Undo the steps of a run that has ended, in reverse order.
     * @description Needs the permission `run:control`.
     */
    post: operations['runs.rollback'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say that a manual step is done. It counts on that word, and the proof names who gave it.
     * @description Needs the permission `run:control`.
     */
    post: operations['runs.confirm'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/resolve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say how a step ended of which nobody knows how far it came, or settle one that failed.
     * @description Needs the permission `run:control`.
     */
    post: operations['runs.resolve'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/proof': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The sealed proof bundle of a run that has ended, as a file that verifies anywhere without a server.
     * @description Needs the permission `run:read`.
     */
    get: operations['proofs.export'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the API keys, the newest first, with what they may do and when they were last used. No key is shown.
     * @description Needs the permission `room:admin`.
     */
    get: operations['keys.list'];
    put?: never;
    /**
     * Make an API key for a program. The answer is the only place where the key itself is ever shown.
     * @description Needs the permission `room:admin`.
     */
    post: operations['keys.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys/{key}/revoke': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End an API key at once. Streams that it holds open are closed within seconds; runs it started go on.
     * @description Needs the permission `room:admin`.
     */
    post: operations['keys.revoke'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follow a run live: its events as they are committed, in order, none left out and none twice, until it has ended and is sealed.
     * @description Needs the permission `run:read`. A stream of server-sent events. Each has `id: SEQ`; who lost the connection goes on with the header `Last-Event-ID`. `event: end` is the last of a run that has ended; `event: problem` says why a stream is closed.
     */
    get: operations['runs.events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/logs/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follow what the steps of a run print, as it is committed, none left out and none twice, until the run has ended or waits for a person.
     * @description Needs the permission `run:read`. A stream of server-sent events, each a list of lines of one attempt, with an `id` to be sent back as `Last-Event-ID` by who lost the connection. `event: end` is the last; `event: problem` says why a stream is closed.
     */
    get: operations['runs.followLogs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * @example {
     *       "type": "urn:opsroom:error:NOT_FOUND",
     *       "title": "There is no such thing.",
     *       "status": 404,
     *       "code": "NOT_FOUND",
     *       "what": "There is no such run.",
     *       "where": "ffff",
     *       "mend": "List what there is: `opsroom runs`."
     *     }
     */
    Problem: {
      /** @description `urn:opsroom:error:CODE`. */
      type: string;
      /** @description What the code means. */
      title: string;
      status: number;
      /** @enum {string} */
      code:
        | 'PLAN_CYCLE'
        | 'PLAN_EXPRESSION'
        | 'PLAN_INVALID'
        | 'PLAN_SYNTAX'
        | 'PLAN_TOO_LARGE'
        | 'PLAN_UNREADABLE'
        | 'INPUT_INVALID'
        | 'RUNBOOK_EMPTY'
        | 'RUNBOOK_LOCK'
        | 'RUNBOOK_SECTION'
        | 'RUNBOOK_SETTINGS'
        | 'RUNBOOK_UNREVIEWED'
        | 'RUNBOOK_WEAK_CHECK'
        | 'ALREADY_ENDED'
        | 'DENIED'
        | 'IDEMPOTENCY_KEY_REUSED'
        | 'KEY_FOREIGN'
        | 'KEY_REFUSED'
        | 'METHOD_NOT_ALLOWED'
        | 'NOT_ALLOWED_NOW'
        | 'NOT_FOUND'
        | 'REQUEST_TOO_LARGE'
        | 'TOO_MANY_REQUESTS'
        | 'UNAUTHENTICATED'
        | 'USAGE'
        | 'BACKUP_UNUSABLE'
        | 'DATA_DIR_IN_USE'
        | 'DATA_DIR_NEWER'
        | 'DATABASE_FAILED'
        | 'DATABASE_UNREACHABLE'
        | 'DISK_FULL'
        | 'INTERNAL'
        | 'PLATFORM_UNSUPPORTED'
        | 'PORT_IN_USE'
        | 'SECRETS_FILE'
        | 'ASKED'
        | 'ADDRESS_REFUSED'
        | 'CANCELLED'
        | 'INTERRUPTED'
        | 'ARGUMENT_INVALID'
        | 'HTTP_STATUS'
        | 'ISOLATION_UNAVAILABLE'
        | 'OUTPUT_REFUSED'
        | 'PRECONDITION_FAILED'
        | 'ROLLBACK_INCOMPLETE'
        | 'RUN_TIMEOUT'
        | 'SQL_FAILED'
        | 'SECRET_UNUSABLE'
        | 'STEP_FAILED'
        | 'STEP_OVER_LIMIT'
        | 'STEP_TIMEOUT'
        | 'UNREACHABLE'
        | 'VERIFIER_FAILED'
        | 'ARTEFACT_MISSING'
        | 'ARTEFACT_REFUSED'
        | 'BUNDLE_BROKEN'
        | 'SIGNING_KEY';
      /** @description What happened, in this case. */
      what: string;
      /** @description Where: file, line and column; step; run; member of the request. */
      where?: string;
      /** @description What to do about it. */
      mend: string;
      /** @description Of a plan: all that is wrong with it. */
      problems?: Record<string, never>[];
    };
  };
  responses: {
    /** @description The request is not understood. */
    Problem400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description No key, or one that does not open the room. */
    Problem401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The key has not the permission that is named. */
    Problem403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description There is no such thing. */
    Problem404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Anything else that is wrong; see `code`. */
    Problemdefault: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  'plans.compile': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "plan": {
         *         "value": {
         *           "apiVersion": "opsroom/v1",
         *           "title": "Say hello",
         *           "steps": [
         *             {
         *               "id": "hello",
         *               "tool": "shell",
         *               "args": {
         *                 "run": "echo hello > hello.txt"
         *               }
         *             }
         *           ]
         *         }
         *       }
         *     }
         */
        'application/json': {
          plan:
            | {
                text: string;
                /** @default plan.yaml */
                file?: string;
                section?: string;
                lock?: string;
                strict?: boolean;
              }
            | {
                value: unknown;
              };
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "title": "Say hello",
           *       "digest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
           *       "steps": [
           *         {
           *           "id": "hello",
           *           "title": "Say hello",
           *           "kind": "tool",
           *           "tool": "shell",
           *           "dependsOn": [],
           *           "verifiers": []
           *         }
           *       ],
           *       "warnings": [],
           *       "needs": {
           *         "secrets": [],
           *         "env": [],
           *         "inputs": []
           *       },
           *       "plan": {
           *         "apiVersion": "opsroom/v1",
           *         "title": "Say hello",
           *         "steps": [
           *           {
           *             "id": "hello",
           *             "tool": "shell",
           *             "args": {
           *               "run": "echo hello > hello.txt"
           *             }
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            title: string;
            digest: string;
            steps: {
              id: string;
              title: string;
              kind: string;
              tool?: string;
              dependsOn: string[];
              verifiers: string[];
              place?: {
                file: string;
                line: number;
                column: number;
              };
            }[];
            warnings: string[];
            needs: {
              secrets: string[];
              env: string[];
              inputs: string[];
            };
            explanation?: {
              steps: {
                id: string;
                /** @enum {string} */
                label: 'run' | 'verify' | 'rollback' | 'precondition' | 'manual' | 'choice' | 'leave_out';
                lines: {
                  from: number;
                  to: number;
                };
                rule: string;
                why: string;
                firstLine: string;
                background: boolean;
                weak: boolean;
                ask: string | null;
              }[];
              leftOut: {
                lines: {
                  from: number;
                  to: number;
                };
                rule: string;
                why: string;
                firstLine: string;
              }[];
              questions: {
                lines: {
                  from: number;
                  to: number;
                };
                text: string;
              }[];
              warnings: string[];
            };
            plan: unknown;
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'plans.dryRun': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "plan": {
         *         "value": {
         *           "apiVersion": "opsroom/v1",
         *           "title": "Say hello",
         *           "steps": [
         *             {
         *               "id": "hello",
         *               "tool": "shell",
         *               "args": {
         *                 "run": "echo hello > hello.txt"
         *               }
         *             }
         *           ]
         *         }
         *       },
         *       "inputs": {}
         *     }
         */
        'application/json': {
          plan:
            | {
                text: string;
                /** @default plan.yaml */
                file?: string;
                section?: string;
                lock?: string;
                strict?: boolean;
              }
            | {
                value: unknown;
              };
          /** @default {} */
          inputs?: {
            [key: string]: unknown;
          };
          folder?: string;
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "title": "Say hello",
           *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
           *       "inputs": {},
           *       "target": {},
           *       "workspace": "/srv/opsroom/workspaces",
           *       "ready": true,
           *       "warnings": [],
           *       "steps": [
           *         {
           *           "id": "hello",
           *           "title": "Say hello",
           *           "tool": "shell",
           *           "action": "run",
           *           "starts": true,
           *           "items": null,
           *           "args": {
           *             "run": "echo hello > hello.txt"
           *           },
           *           "preconditions": [],
           *           "verifiers": [],
           *           "rollback": []
           *         }
           *       ]
           *     }
           */
          'application/json': {
            title: string;
            planDigest: string;
            inputs: {
              [key: string]: unknown;
            };
            target: unknown;
            workspace: string;
            ready: boolean;
            warnings: string[];
            steps: {
              id: string;
              title: string;
              tool: string | null;
              action: string;
              starts: boolean | null;
              items: number | null;
              args: unknown;
              preconditions: {
                id: string;
                ok: boolean | null;
                missing: string;
                mend: string;
              }[];
              verifiers: {
                id: string;
                kind: string;
                required: boolean;
                config: unknown;
              }[];
              rollback: {
                id: string;
                tool: string | null;
                args: unknown;
              }[];
            }[];
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.list': {
    parameters: {
      query?: {
        /**
         * @example [
         *       "running"
         *     ]
         */
        status?: (
          | 'queued'
          | 'released'
          | 'running'
          | 'waiting'
          | 'pausing'
          | 'paused'
          | 'succeeded'
          | 'failed'
          | 'rolled_back'
          | 'cancelled'
        )[];
        lane?: 'A' | 'B' | 'C' | 'D';
        text?: string;
        /** @example 20 */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runs": [
           *         {
           *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *           "title": "Say hello",
           *           "status": "running",
           *           "word": null,
           *           "lane": "B",
           *           "priority": 0,
           *           "requestedBy": "key:ci",
           *           "createdAt": "2026-11-21T06:16:22.000Z",
           *           "startedAt": "2026-11-21T06:16:22.000Z",
           *           "endedAt": null,
           *           "progress": {
           *             "done": 0,
           *             "total": 1
           *           }
           *         }
           *       ]
           *     }
           */
          'application/json': {
            runs: {
              runId: string;
              title: string;
              /** @enum {string} */
              status:
                | 'queued'
                | 'released'
                | 'running'
                | 'waiting'
                | 'pausing'
                | 'paused'
                | 'succeeded'
                | 'failed'
                | 'rolled_back'
                | 'cancelled';
              word: string | null;
              lane: string;
              priority: number;
              requestedBy: string;
              createdAt: string;
              startedAt: string | null;
              endedAt: string | null;
              progress: {
                done: number;
                total: number;
              };
            }[];
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.start': {
    parameters: {
      query?: never;
      header?: {
        /** @example build-4711 */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "plan": {
         *         "value": {
         *           "apiVersion": "opsroom/v1",
         *           "title": "Say hello",
         *           "steps": [
         *             {
         *               "id": "hello",
         *               "tool": "shell",
         *               "args": {
         *                 "run": "echo hello > hello.txt"
         *               }
         *             }
         *           ]
         *         }
         *       },
         *       "inputs": {},
         *       "lane": "B"
         *     }
         */
        'application/json': {
          plan:
            | {
                text: string;
                /** @default plan.yaml */
                file?: string;
                section?: string;
                lock?: string;
                strict?: boolean;
              }
            | {
                value: unknown;
              };
          /** @default {} */
          inputs?: {
            [key: string]: unknown;
          };
          /** @enum {string} */
          lane?: 'A' | 'B' | 'C' | 'D';
          priority?: number;
          folder?: string;
          /** @default false */
          seen?: boolean;
        };
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
           *       "title": "Say hello",
           *       "steps": 1
           *     }
           */
          'application/json': {
            runId: string;
            planDigest: string;
            title: string;
            steps: number;
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.rerun': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "from": "hello"
         *     }
         */
        'application/json': {
          from?: string;
          inputs?: {
            [key: string]: unknown;
          };
          /** @enum {string} */
          lane?: 'A' | 'B' | 'C' | 'D';
          priority?: number;
        };
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
           *       "title": "Say hello",
           *       "steps": 1
           *     }
           */
          'application/json': {
            runId: string;
            planDigest: string;
            title: string;
            steps: number;
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "title": "Say hello",
           *       "status": "running",
           *       "word": null,
           *       "lane": "B",
           *       "priority": 0,
           *       "requestedBy": "key:ci",
           *       "createdAt": "2026-11-21T06:16:22.000Z",
           *       "startedAt": "2026-11-21T06:16:22.000Z",
           *       "endedAt": null,
           *       "progress": {
           *         "done": 0,
           *         "total": 1
           *       },
           *       "shortId": "6f4e1d20",
           *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
           *       "inputs": {},
           *       "target": {},
           *       "host": "build-1",
           *       "workspace": "/srv/opsroom/workspaces",
           *       "parent": null,
           *       "rollingBack": false,
           *       "durationMs": 1200,
           *       "error": null,
           *       "waiting": null,
           *       "notUndone": [],
           *       "wakeAt": null,
           *       "allowed": [
           *         "cancel",
           *         "pause"
           *       ],
           *       "steps": [
           *         {
           *           "id": "hello",
           *           "title": "Say hello",
           *           "status": "running",
           *           "word": null,
           *           "attempts": 1,
           *           "startedAt": "2026-11-21T06:16:22.000Z",
           *           "endedAt": null,
           *           "error": null,
           *           "isolation": null,
           *           "person": null,
           *           "wakeAt": null,
           *           "reusedFrom": null,
           *           "items": null,
           *           "verdicts": []
           *         }
           *       ]
           *     }
           */
          'application/json': {
            runId: string;
            shortId: string;
            title: string;
            /** @enum {string} */
            status:
              | 'queued'
              | 'released'
              | 'running'
              | 'waiting'
              | 'pausing'
              | 'paused'
              | 'succeeded'
              | 'failed'
              | 'rolled_back'
              | 'cancelled';
            word: string | null;
            planDigest: string;
            inputs: {
              [key: string]: unknown;
            };
            target: {
              [key: string]: unknown;
            };
            lane: string;
            priority: number;
            requestedBy: string;
            host: string | null;
            workspace: string;
            parent: string | null;
            rollingBack: boolean;
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            durationMs: number;
            error: {
              code: string;
              message: string;
              mend: string;
            } | null;
            waiting: {
              code: string;
              what: string;
              mend: string;
              step?: string;
              item?: number;
            } | null;
            notUndone: {
              step: string;
              title: string;
              /** @enum {string} */
              why: 'no rollback' | 'its rollback failed' | 'its rollback was not run';
            }[];
            wakeAt: string | null;
            progress: {
              done: number;
              total: number;
            };
            allowed: ('cancel' | 'pause' | 'resume' | 'confirm' | 'resolve' | 'rerun' | 'rollback')[];
            steps: {
              id: string;
              title: string;
              /** @enum {string} */
              status:
                | 'pending'
                | 'running'
                | 'waiting'
                | 'retrying'
                | 'unknown'
                | 'done'
                | 'failed'
                | 'skipped'
                | 'cancelled';
              word: string | null;
              attempts: number;
              startedAt: string | null;
              endedAt: string | null;
              error: {
                code: string;
                message: string;
                mend: string;
              } | null;
              isolation: string | null;
              person: {
                by: string;
                reason: string;
              } | null;
              wakeAt: string | null;
              reusedFrom: string | null;
              items: {
                total: number;
                done: number;
                failed: number;
              } | null;
              verdicts: {
                id: string;
                kind: string;
                required: boolean;
                passed: boolean;
                proven: boolean;
                word: string;
                summary: string;
              }[];
            }[];
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.logs': {
    parameters: {
      query?: {
        /** @example hello */
        step?: string;
        /** @example 100 */
        tail?: number;
      };
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "lines": [
           *         {
           *           "step": "hello",
           *           "item": -1,
           *           "attempt": 1,
           *           "number": 1,
           *           "stream": "out",
           *           "text": "hello",
           *           "dropped": 0
           *         }
           *       ],
           *       "truncated": false
           *     }
           */
          'application/json': {
            runId: string;
            lines: {
              step: string;
              item: number;
              attempt: number;
              number: number;
              /** @enum {string} */
              stream: 'out' | 'err' | 'gap';
              text: string;
              dropped: number;
            }[];
            truncated: boolean;
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.cancel': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "the wrong branch"
         *     }
         */
        'application/json': {
          /** @default  */
          reason?: string;
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "status": "cancelled"
           *     }
           */
          'application/json': {
            runId: string;
            /** @enum {string} */
            status:
              | 'queued'
              | 'released'
              | 'running'
              | 'waiting'
              | 'pausing'
              | 'paused'
              | 'succeeded'
              | 'failed'
              | 'rolled_back'
              | 'cancelled';
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.pause': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "lunch"
         *     }
         */
        'application/json': {
          /** @default  */
          reason?: string;
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "status": "pausing"
           *     }
           */
          'application/json': {
            runId: string;
            /** @enum {string} */
            status:
              | 'queued'
              | 'released'
              | 'running'
              | 'waiting'
              | 'pausing'
              | 'paused'
              | 'succeeded'
              | 'failed'
              | 'rolled_back'
              | 'cancelled';
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.resume': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': {
          /** @default  */
          reason?: string;
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "status": "queued"
           *     }
           */
          'application/json': {
            runId: string;
            /** @enum {string} */
            status:
              | 'queued'
              | 'released'
              | 'running'
              | 'waiting'
              | 'pausing'
              | 'paused'
              | 'succeeded'
              | 'failed'
              | 'rolled_back'
              | 'cancelled';
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.rollback': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "the release is broken"
         *     }
         */
        'application/json': {
          /** @default  */
          reason?: string;
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "status": "queued"
           *     }
           */
          'application/json': {
            runId: string;
            /** @enum {string} */
            status:
              | 'queued'
              | 'released'
              | 'running'
              | 'waiting'
              | 'pausing'
              | 'paused'
              | 'succeeded'
              | 'failed'
              | 'rolled_back'
              | 'cancelled';
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.confirm': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "step": "switch-dns",
         *       "reason": "the light is green"
         *     }
         */
        'application/json': {
          /** @description STEP, STEP#ITEM or STEP/COMPENSATION. */
          step: string;
          reason: string;
          output?: unknown;
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "status": "queued"
           *     }
           */
          'application/json': {
            runId: string;
            /** @enum {string} */
            status:
              | 'queued'
              | 'released'
              | 'running'
              | 'waiting'
              | 'pausing'
              | 'paused'
              | 'succeeded'
              | 'failed'
              | 'rolled_back'
              | 'cancelled';
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.resolve': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "step": "hello",
         *       "as": "done",
         *       "reason": "the file is there"
         *     }
         */
        'application/json': {
          /** @description STEP, STEP#ITEM or STEP/COMPENSATION. */
          step: string;
          /** @enum {string} */
          as: 'done' | 'failed' | 'skip' | 'retry';
          reason: string;
        };
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "status": "queued"
           *     }
           */
          'application/json': {
            runId: string;
            /** @enum {string} */
            status:
              | 'queued'
              | 'released'
              | 'running'
              | 'waiting'
              | 'pausing'
              | 'paused'
              | 'succeeded'
              | 'failed'
              | 'rolled_back'
              | 'cancelled';
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'proofs.export': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
           *       "bundle": {
           *         "mediaType": "application/vnd.opsroom.proof+json;version=1",
           *         "envelope": {
           *           "payloadType": "application/vnd.in-toto+json",
           *           "payload": "e30=",
           *           "signatures": [
           *             {
           *               "keyid": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
           *               "sig": "AA=="
           *             }
           *           ]
           *         },
           *         "publicKey": "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n"
           *       }
           *     }
           */
          'application/json': {
            runId: string;
            bundle: {
              /** @constant */
              mediaType: 'application/vnd.opsroom.proof+json;version=1';
              envelope: {
                payloadType: string;
                /** Format: base64 */
                payload: string;
                signatures: {
                  keyid: string;
                  /** Format: base64 */
                  sig: string;
                }[];
              };
              publicKey: string;
              inclusion?: {
                entry: {
                  [key: string]: unknown;
                };
                index: number;
                size: number;
                path: string[];
                treeHead: {
                  payloadType: string;
                  /** Format: base64 */
                  payload: string;
                  signatures: {
                    keyid: string;
                    /** Format: base64 */
                    sig: string;
                  }[];
                };
              };
            };
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'keys.list': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "keys": [
           *         {
           *           "keyId": "019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31",
           *           "name": "ci",
           *           "hint": "opsr_k3Jx9Q",
           *           "scopes": [
           *             "run:read",
           *             "run:start"
           *           ],
           *           "createdBy": "user:ada@build-1",
           *           "createdAt": "2026-11-21T06:16:22.000Z",
           *           "expiresAt": "2027-02-19T06:16:22.000Z",
           *           "lastUsedAt": null,
           *           "revokedAt": null,
           *           "revokedBy": null
           *         }
           *       ]
           *     }
           */
          'application/json': {
            keys: {
              keyId: string;
              name: string;
              hint: string;
              scopes: ('run:read' | 'run:start' | 'run:control' | 'room:admin')[];
              createdBy: string;
              createdAt: string;
              expiresAt: string | null;
              lastUsedAt: string | null;
              revokedAt: string | null;
              revokedBy: string | null;
            }[];
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'keys.create': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "ci",
         *       "scopes": [
         *         "run:read",
         *         "run:start"
         *       ],
         *       "expires": "90d"
         *     }
         */
        'application/json': {
          /** @description Runs and the audit log name whoever uses the key by this. */
          name: string;
          /** @description What the key may do. */
          scopes: ('run:read' | 'run:start' | 'run:control' | 'room:admin')[];
          /**
           * @description After how long it opens nothing any more: `90d`, `12h`, or `never`.
           * @default 90d
           */
          expires?: string;
        };
      };
    };
    responses: {
      /** @description It was made. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "keyId": "019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31",
           *       "name": "ci",
           *       "hint": "opsr_k3Jx9Q",
           *       "scopes": [
           *         "run:read",
           *         "run:start"
           *       ],
           *       "createdBy": "user:ada@build-1",
           *       "createdAt": "2026-11-21T06:16:22.000Z",
           *       "expiresAt": "2027-02-19T06:16:22.000Z",
           *       "lastUsedAt": null,
           *       "revokedAt": null,
           *       "revokedBy": null,
           *       "key": "opsr_k3Jx9QvJm0bTtq1c8Yk2nUe7WzR5aLdHf4sGoPiXy6E"
           *     }
           */
          'application/json': {
            keyId: string;
            name: string;
            hint: string;
            scopes: ('run:read' | 'run:start' | 'run:control' | 'room:admin')[];
            createdBy: string;
            createdAt: string;
            expiresAt: string | null;
            lastUsedAt: string | null;
            revokedAt: string | null;
            revokedBy: string | null;
            key: string;
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'keys.revoke': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example ci */
        key: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description It was done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "keyId": "019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31",
           *       "name": "ci",
           *       "hint": "opsr_k3Jx9Q",
           *       "scopes": [
           *         "run:read",
           *         "run:start"
           *       ],
           *       "createdBy": "user:ada@build-1",
           *       "createdAt": "2026-11-21T06:16:22.000Z",
           *       "expiresAt": "2027-02-19T06:16:22.000Z",
           *       "lastUsedAt": null,
           *       "revokedAt": "2026-11-21T06:16:22.000Z",
           *       "revokedBy": "user:ada@build-1"
           *     }
           */
          'application/json': {
            keyId: string;
            name: string;
            hint: string;
            scopes: ('run:read' | 'run:start' | 'run:control' | 'room:admin')[];
            createdBy: string;
            createdAt: string;
            expiresAt: string | null;
            lastUsedAt: string | null;
            revokedAt: string | null;
            revokedBy: string | null;
          };
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.events': {
    parameters: {
      query?: {
        /**
         * @description Only events after this one.
         * @example 0
         */
        after?: number;
      };
      header?: {
        /**
         * @description The same; it wins.
         * @example 6
         */
        'Last-Event-ID'?: number;
      };
      path: {
        /** @example last */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example id: 7
           *     data: {"seq":7,"type":"step.done","step":"hello","item":-1,"attempt":1,"data":{},"at":"2026-11-21T06:16:22.000Z"}
           *
           *     event: end
           *     data: {}
           */
          'text/event-stream': string;
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
  'runs.followLogs': {
    parameters: {
      query?: {
        /** @description Only this step. */
        step?: string;
        /** @description Of what was printed before, only the last so many lines of each attempt. */
        tail?: number;
      };
      header?: {
        /** @description Goes on after the event of this id; `tail` is then not looked at. */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @example last */
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example id: i1bKSM3JyVeyMtQz1DPUUTKO1QEA
           *     data: [{"step":"hello","item":-1,"attempt":1,"number":1,"stream":"out","text":"hello","dropped":0}]
           *
           *     event: end
           *     data: {}
           */
          'text/event-stream': string;
        };
      };
      400: components['responses']['Problem400'];
      401: components['responses']['Problem401'];
      403: components['responses']['Problem403'];
      404: components['responses']['Problem404'];
      default: components['responses']['Problemdefault'];
    };
  };
}
