// Made from docs/openapi.json by `npm run docs`. Not to be edited, and not split: it is one document in another form, whose parts
// name each other; nobody reads it but the compiler.

export interface paths {
    "/v1/runboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the room: lanes with their queues, the runs that matter now with their steps, why work waits and what ends it, what needs a person, workers, and the latest events. At most a fifth of a second old.
         * @description Needs the permission `run:read`.
         */
        get: operations["runboard.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/compile": {
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
        post: operations["plans.compile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a run would do and touch nothing: every argument rendered with secrets masked, every precondition checked as far as it is known before the run and the asker might run the plan.
         * @description Needs the permission `run:start`.
         */
        post: operations["plans.dryRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a plan elsewhere: as a GitHub Actions workflow, a task for Claude Code or Codex, or Markdown. Says what that form cannot.
         * @description Needs the permission `run:read`.
         */
        post: operations["plans.export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draft a plan for a goal in plain words, from registered templates and tools alone. Nothing runs: what a model drafted is asked for as an agent asks, whoever starts it.
         * @description Needs the permission `intent:propose`.
         */
        post: operations["plans.draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the documents that were read, the newest first.
         * @description Needs the permission `run:read`.
         */
        get: operations["documents.list"];
        put?: never;
        /**
         * Read a document (Markdown, PDF, DOCX, a page by its address, a picture) and keep its text and the digest of its file.
         * @description Needs the permission `intent:propose`.
         */
        post: operations["documents.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{document}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one document: its text, and the entities, workflows, integrations and constraints that rules find in it.
         * @description Needs the permission `run:read`.
         */
        get: operations["documents.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{document}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draft a plan from a document: its commands as a runbook, each step with its page and line; where it has none, by a goal, with templates and a model if there is one. Nothing runs.
         * @description Needs the permission `intent:propose`.
         */
        post: operations["documents.draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{document}/requirements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * List what a document asks for: entities, workflows, integrations, constraints; by a language model where one is configured, by rules where not, and marked which.
         * @description Needs the permission `intent:propose`.
         */
        post: operations["documents.extract"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/model-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List calls of language models, the newest first: model, prompt and its version, tokens, cost, time.
         * @description Needs the permission `run:read`.
         */
        get: operations["models.calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the templates: plans with typed inputs, those of the project folder and those that come with the room.
         * @description Needs the permission `run:read`.
         */
        get: operations["templates.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{template}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one template: its inputs, what it needs, its text, and the plan that it is.
         * @description Needs the permission `run:read`.
         */
        get: operations["templates.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{template}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a template would do with these inputs, and which are missing or wrong. Runs nothing, checks nothing; `plans.dryRun` looks at what must hold.
         * @description Needs the permission `run:read`.
         */
        post: operations["templates.preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the skills that steps of a plan may use: those of the project folder and those that come with the room.
         * @description Needs the permission `run:read`.
         */
        get: operations["skills.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills/{skill}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one skill: what it takes and puts out, its tools, constraints, steps and verifiers, and its text.
         * @description Needs the permission `run:read`.
         */
        get: operations["skills.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs, the newest first, by status, lane, session, plan, text, asker, target or time. `next` leads to the next page; a page may be short, or empty, and have one.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.list"];
        put?: never;
        /**
         * Compile a plan and put it into the queue. Once this answers, the run is acknowledged: it will end, or wait with a reason.
         * @description Needs the permission `run:start`.
         */
        post: operations["runs.start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run again as a new one: from a step on, only what failed, with other inputs, or from its beginning. What was done before is taken over with its proofs.
         * @description Needs the permission `run:start`.
         */
        post: operations["runs.rerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}": {
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
        get: operations["runs.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The plan that a run executes, and the text that it was compiled from where that is known.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why each call of a run was made or refused: which entry of which list names it, who asked, who agreed, and which model wrote the plan.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.decisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Decide a run that has ended anew, from its records and by the engine’s own rules, and name the first decision that does not follow. Nothing is called.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.replay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare two plans step by step: of runs, by digest, or as given; without `before`, with the last run of the same title that succeeded.
         * @description Needs the permission `run:read`.
         */
        post: operations["plans.diff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/steps/{step}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one step of a run: its arguments as rendered, attempts, verdicts with what was seen before and after, artefacts, and the lines it came from.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.step"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long a run still takes, in half and in nine of ten cases, from the times of earlier runs along the critical path.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.estimate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/logs": {
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
        get: operations["runs.logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/logs/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lines of the log of one attempt by their numbers, however long the log is; secrets are masked.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.logLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/logs/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The numbers of the lines of one log that hold a text, or of the first that reads like an error.
         * @description Needs the permission `run:read`.
         */
        get: operations["runs.searchLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/cancel": {
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
        post: operations["runs.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/pause": {
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
        post: operations["runs.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/resume": {
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
        post: operations["runs.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/rollback": {
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
        post: operations["runs.rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/confirm": {
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
        post: operations["runs.confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer what the tool of a step asks: the step is called again with it. Only people do, no key: a tool could ask for anything.
         * @description Needs the permission `run:control`.
         */
        post: operations["runs.answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/resolve": {
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
        post: operations["runs.resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a run that has ended out of the lists. Its records and proofs stay.
         * @description Needs the permission `run:control`.
         */
        post: operations["runs.archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/unarchive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put an archived run back into the lists.
         * @description Needs the permission `run:control`.
         */
        post: operations["runs.unarchive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/bulk/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say of each of these runs what an action would do to it, or why it would do nothing. Changes nothing.
         * @description Needs the permission `run:read`.
         */
        post: operations["runs.bulkPreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel, re-run, archive or unarchive up to 500 runs, each where it applies, and tell what became of each. One that fails stops no other.
         * @description Needs the permission `run:control`.
         */
        post: operations["runs.bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/proof": {
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
        get: operations["proofs.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/proof/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check the sealed proof of a run as an outsider would, by this room’s key: signature, chain, digests, and that every word in it is earned.
         * @description Needs the permission `run:read`.
         */
        get: operations["proofs.verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The proof chain of a run as far as it is written, record by record, also while the run goes on.
         * @description Needs the permission `run:read`.
         */
        get: operations["proofs.chain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evidence/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A piece of evidence by the digest that a proof record names: what a verifier saw, secrets masked.
         * @description Needs the permission `run:read`.
         */
        get: operations["proofs.evidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was asked for, the newest first: what waits for whom, what was agreed to, and how it ended.
         * @description Needs the permission `run:read`.
         */
        get: operations["intents.list"];
        put?: never;
        /**
         * Ask for a run. Policy says whether it may start at once, never, or once those who are named have agreed; it then waits for them.
         * @description Needs the permission `intent:propose`.
         */
        post: operations["intents.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents/{intent}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one intent with all that whoever decides needs: every argument, what differs from the last run, which policy asks and why, and how it went before.
         * @description Needs the permission `run:read`.
         */
        get: operations["intents.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents/{intent}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Agree to an intent, with a reason. When the last who must agree has, it runs: with exactly the plan, inputs, target and policies that were agreed to.
         * @description Needs the permission `approval:give`.
         */
        post: operations["intents.approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents/{intent}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say no to an intent, with a reason. One no ends it.
         * @description Needs the permission `approval:give`.
         */
        post: operations["intents.reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents/{intent}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back an intent of your own that has not begun.
         * @description Needs the permission `intent:propose`.
         */
        post: operations["intents.withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/intents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was asked for lately, the newest first, with what it waits for or how it ended.
         * @description Needs the permission `run:read`.
         */
        get: operations["ai.intents"];
        put?: never;
        /**
         * Ask for an operation, such as deploy to staging. Policy and people decide; a person must agree where policy says so. Ask again by its id for what became of it.
         * @description Needs the permission `intent:propose`.
         */
        post: operations["ai.propose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/intents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what became of one intent: whether it waits and for whom, runs, or how it ended.
         * @description Needs the permission `run:read`.
         */
        get: operations["ai.intent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How well the room does, against its targets: success of runs, durations, verifiers, tools, queue, uptime. docs/dashboard.md defines each number.
         * @description Needs the permission `run:read`.
         */
        get: operations["dashboard.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List entries of the audit log, the newest first: who did or asked what, from where, and how it ended.
         * @description Needs the permission `audit:read`.
         */
        get: operations["audit.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/entries/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one entry of the audit log, with the proof that it stands in the tree as it is now, and the key that signed that.
         * @description Needs the permission `audit:read`.
         */
        get: operations["audit.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign the root of the audit tree as it is now. Whoever keeps it elsewhere can show later that nothing before it was changed.
         * @description Needs the permission `audit:read`.
         */
        get: operations["audit.head"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show that the audit tree of an earlier size is the beginning of a later one (RFC 6962): its roots and the proof between them.
         * @description Needs the permission `audit:read`.
         */
        get: operations["audit.consistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell how the room is: whether it works, what runs, waits and failed within the hour, and what needs a person. At most 3 seconds old.
         * @description Needs the permission `run:read`.
         */
        get: operations["ai.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what goes on right now: runs at work with their steps, the queue, what waits and why, the latest events. At most a second old.
         * @description Needs the permission `run:read`.
         */
        get: operations["ai.live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Give the numbers of the room for a window: success of runs, durations, queue, verifiers, tools, uptime. A number that is null has too little behind it.
         * @description Needs the permission `run:read`.
         */
        get: operations["ai.metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log, the newest first: calls, questions, what was decided and done, and notes of agents (source `external`).
         * @description Needs the permission `audit:read`.
         */
        get: operations["ai.audit"];
        put?: never;
        /**
         * Append a note of your own to the audit log. It is kept under your name as external, and never looks like an entry of the room.
         * @description Needs the permission `audit:write`.
         */
        post: operations["audit.note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/test/openai": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Try the connection to the model provider by one short question. `ok` is never told without an answer; without a model it says why there is none.
         * @description Needs the permission `run:read`.
         */
        get: operations["ai.testOpenai"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions, the newest first, with how many runs each has and how many of those are open or failed.
         * @description Needs the permission `run:read`.
         */
        get: operations["sessions.list"];
        put?: never;
        /**
         * Begin a session: one intent's workspace, which groups its runs.
         * @description Needs the permission `run:start`.
         */
        post: operations["sessions.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one session. Its runs: `runs.list` with `session`.
         * @description Needs the permission `run:read`.
         */
        get: operations["sessions.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/rename": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a session another name, or say anew what it is for.
         * @description Needs the permission `run:start`.
         */
        post: operations["sessions.rename"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/allow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what runs of a session may call, and nothing else: `shell`, `mcp:github:*`. It counts for runs that are asked for from now on.
         * @description Needs the permission `run:start`.
         */
        post: operations["sessions.allow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a session out of the lists. Its runs stay where they are; no new one can be put into it.
         * @description Needs the permission `run:start`.
         */
        post: operations["sessions.archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/unarchive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an archived session again.
         * @description Needs the permission `run:start`.
         */
        post: operations["sessions.unarchive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List saved views: those built in, those of everybody and your own, each with how many runs fit, to 1000.
         * @description Needs the permission `run:read`.
         */
        get: operations["views.list"];
        put?: never;
        /**
         * Save a filter over runs under a name: for yourself, or shared with everybody, which needs room:admin.
         * @description Needs the permission `run:read`.
         */
        post: operations["views.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/{view}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete a saved view. Runs are not touched. One that is shared needs room:admin.
         * @description Needs the permission `run:read`.
         */
        post: operations["views.delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
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
        get: operations["keys.list"];
        put?: never;
        /**
         * Make an API key for a program. The answer is the only place where the key itself is ever shown.
         * @description Needs the permission `room:admin`.
         */
        post: operations["keys.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{key}/revoke": {
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
        post: operations["keys.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the secrets by name and where they count, with who set them and which step used them last. No value is shown. `elsewhere` names those of the environment, which win, and of secrets.env, which yield.
         * @description Needs the permission `secret:manage`.
         */
        get: operations["secrets.list"];
        put?: never;
        /**
         * Set a secret, or its next version, for every run or for those on an environment or app. Its value is encrypted, given to the steps that name it, masked wherever it comes out, and shown to nobody again.
         * @description Needs the permission `secret:manage`.
         */
        post: operations["secrets.set"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one secret, without its value: where it counts, its versions, and the latest steps that were given it.
         * @description Needs the permission `secret:manage`.
         */
        get: operations["secrets.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/{name}/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say to which hosts a secret may be sent, whichever of its versions and wherever its value comes from: calls that would take it elsewhere are refused. Without hosts it may go anywhere that a plan itself names.
         * @description Needs the permission `secret:manage`.
         */
        post: operations["secrets.bind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/{name}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a secret of one scope with all its versions. Steps that name it fail from then on, and what still prints it is no longer masked: revoke it first where it belongs. Needs no vault key.
         * @description Needs the permission `secret:manage`.
         */
        post: operations["secrets.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set secrets from the text of a `.env` file (NAME=VALUE lines), or of an export once it is decrypted. Names whose values cannot be masked are left out and named; otherwise all are set or none.
         * @description Needs the permission `secret:manage`.
         */
        post: operations["secrets.import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export the vault as an age file, encrypted to recipients or with a passphrase; there is no other export. For people and the machine’s user: never for keys of programs and agents.
         * @description Needs the permission `secret:manage`.
         */
        post: operations["secrets.export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the rules that say who is told what: Slack, Discord, a signed webhook or e-mail.
         * @description Needs the permission `room:admin`.
         */
        get: operations["notifications.rules"];
        put?: never;
        /**
         * Make a rule: what is told, where, and when it is held back. It tells of what happens from now on.
         * @description Needs the permission `room:admin`.
         */
        post: operations["notifications.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules/{rule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a rule, or pause it. What is not given stays. What happened while it was paused is not told.
         * @description Needs the permission `room:admin`.
         */
        post: operations["notifications.update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules/{rule}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a rule, and what it still had to tell.
         * @description Needs the permission `room:admin`.
         */
        post: operations["notifications.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules/{rule}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message to the place of a rule now, paused or not, and say whether it was taken.
         * @description Needs the permission `room:admin`.
         */
        post: operations["notifications.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what has been told and what waits to be, the newest first, with why something has not arrived.
         * @description Needs the permission `room:admin`.
         */
        get: operations["notifications.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{notification}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell something again that could not be delivered.
         * @description Needs the permission `room:admin`.
         */
        post: operations["notifications.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schedules by name: what each starts, when it fires next, and what became of its latest time.
         * @description Needs the permission `run:read`.
         */
        get: operations["schedules.list"];
        put?: never;
        /**
         * Start a plan again and again at the times of a cron expression in a time zone. Whoever makes it answers for its runs.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["schedules.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the next ten times of a cron expression in a time zone, without making a schedule.
         * @description Needs the permission `run:read`.
         */
        get: operations["schedules.preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a schedule with its next ten times, in UTC and in its zone.
         * @description Needs the permission `run:read`.
         */
        get: operations["schedules.get"];
        put?: never;
        /**
         * Change when a schedule fires or what it starts; what is left out stays. Whoever changes it answers for its runs from then on.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["schedules.update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a schedule fire no more until it is resumed. Runs that it started go on; times that wait begin once it is resumed.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["schedules.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a paused schedule fire again, from its next time on; what came meanwhile is not made up for.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["schedules.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a schedule and the list of its times. Its runs and the audit log stay.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["schedules.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/fire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start now what a schedule starts, on behalf of whoever asks, whatever its times are and whether or not it is paused.
         * @description Needs the permission `run:start`.
         */
        post: operations["schedules.fire"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/fires": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the times of a schedule that have come, the latest first, with what became of each and why.
         * @description Needs the permission `run:read`.
         */
        get: operations["schedules.fires"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The policies in force: each with its words, its text and what it waits for; or what is wrong with them.
         * @description Needs the permission `run:read`.
         */
        get: operations["policies.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the policies would say to a request, which of them decide, and what would be needed. Changes nothing.
         * @description Needs the permission `run:read`.
         */
        post: operations["policies.explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members of the organisation: who they are, their role, since when, and when they last signed in.
         * @description Needs the permission `run:read`.
         */
        get: operations["members.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a member another role, from their next request on. Their keys that may do more are revoked.
         * @description Needs the permission `room:admin`.
         */
        post: operations["members.setRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member}/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a member another e-mail. An owner may in whose organisations all of theirs are; it is believed to be theirs when who gives it owns every organisation. What they did stays under the old one, which nobody else can take.
         * @description Needs the permission `room:admin`.
         */
        post: operations["members.setEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take somebody out of the organisation: their sign-ins end at once, their keys and the invitations they made are revoked. Runs that they started go on.
         * @description Needs the permission `room:admin`.
         */
        post: operations["members.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invitations and what has become of them: those that wait first, then the newest. No link is shown.
         * @description Needs the permission `room:admin`.
         */
        get: operations["invitations.list"];
        put?: never;
        /**
         * Invite somebody into the organisation with a role. The answer is the only place where the link is shown; with an e-mail it is for that person alone, and takes the place of an earlier one.
         * @description Needs the permission `room:admin`.
         */
        post: operations["invitations.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{invitation}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the link of an invitation open nothing any more. Whoever came by it stays: take them out as a member.
         * @description Needs the permission `room:admin`.
         */
        post: operations["invitations.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the organisations in which who asks may work: of a person where they are a member, of a key its own, of the user of the machine all.
         * @description Needs the permission `run:read`.
         */
        get: operations["organisations.list"];
        put?: never;
        /**
         * Make one more organisation on this installation, with its lanes and an empty log. Only for whoever may read the data directory, who becomes its owner if they have come as a person.
         * @description Needs the permission `room:admin`.
         */
        post: operations["organisations.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organisations/{organisation}/switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Work in another organisation, in this browser, from the next request on. Only for a person who has signed in: a key belongs to one organisation.
         * @description Needs the permission `run:read`.
         */
        post: operations["organisations.switch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks by name: what each starts, and what became of the latest event.
         * @description Needs the permission `run:read`.
         */
        get: operations["webhooks.list"];
        put?: never;
        /**
         * Make an address to which a sender posts signed events that start a plan. The answer is the only place where its secret is shown.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["webhooks.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a webhook, and how long its secrets are good. No secret is shown.
         * @description Needs the permission `run:read`.
         */
        get: operations["webhooks.get"];
        put?: never;
        /**
         * Change what a webhook starts, its mapping or its filter; what is left out stays. Whoever changes it answers for its runs from then on.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["webhooks.update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a webhook start nothing until it is resumed. What comes meanwhile is kept in its list, and can be delivered again.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["webhooks.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a paused webhook start runs again, from the next event on.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["webhooks.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a webhook with its secrets and the list of what came. Its address answers nobody any more; runs and the audit log stay.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["webhooks.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret, shown in this answer only. The one before stays good for a while, so that the sender can change over.
         * @description Needs the permission `trigger:manage`.
         */
        post: operations["webhooks.rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what came to a webhook with a signature that holds, the latest first, with what became of each and why.
         * @description Needs the permission `run:read`.
         */
        get: operations["webhooks.deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one delivery with its headers, without what authenticates, and its body as it came.
         * @description Needs the permission `run:read`.
         */
        get: operations["webhooks.delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver once more what came before, with the mapping as it is now, on behalf of whoever asks; also while the webhook is paused.
         * @description Needs the permission `run:start`.
         */
        post: operations["webhooks.redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the MCP servers that the room knows: how each is reached, whether it answers, and how many tools it has.
         * @description Needs the permission `run:read`.
         */
        get: operations["mcp.servers"];
        put?: never;
        /**
         * Register an MCP server: a program of this machine, or an address. Its tools can be used as steps as soon as it has answered. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tools of MCP servers: what each says that it does, and whether it may be called as it is now.
         * @description Needs the permission `run:read`.
         */
        get: operations["mcp.tools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change how an MCP server is reached; what is left out stays. One that is another afterwards waits for consent anew. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable an MCP server, and look at what it offers. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable an MCP server: none of its tools can be called until it is enabled again.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove an MCP server with all that is known of its tools. Plans that use them cannot run any more. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look at an enabled MCP server now: whether it answers, and which tools it has. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/tools/{tool}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one tool of an MCP server with its schemas, and every version of it that was seen: what changed, and who consented.
         * @description Needs the permission `run:read`.
         */
        get: operations["mcp.tool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Consent to tools of an MCP server as they are now, each by the digest of the definition that was looked at. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to sign the room in at an MCP server by OAuth: answers the page that you have to visit. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish signing the room in at an MCP server, with what you came back with. Only who has begun it does, once, within ten minutes.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.signedIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp/servers/{server}/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget the sign-in at an MCP server, and revoke its tokens where they came from; the answer says whether that was heard. Only people do, no key.
         * @description Needs the permission `room:admin`.
         */
        post: operations["mcp.signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what holds back: runs at once per asker and lane, rates of tools and of the API, and the concurrency keys that are held.
         * @description Needs the permission `run:read`.
         */
        get: operations["limits.get"];
        put?: never;
        /**
         * Change what holds back; what is left out stays. Runs that go on go on: the limits count for what begins from now on.
         * @description Needs the permission `room:admin`.
         */
        post: operations["limits.update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ide-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sessions of your own editors, the newest first, and whether the organisation allows them.
         * @description Needs the permission `run:read`.
         */
        get: operations["ide.list"];
        put?: never;
        /**
         * Open a session for your own editor, which may look and say yes or no to intents as you, for at most twelve hours. Only for a person in a browser, where an owner allows it. The answer alone shows the session’s key.
         * @description Needs the permission `approval:give`.
         */
        post: operations["ide.open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ide-sessions/{ideSession}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of an editor at once: one’s own, or as an owner anybody’s.
         * @description Needs the permission `run:read`.
         */
        post: operations["ide.end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ide-sessions/allow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Allow the people of the organisation to approve from their editors, or forbid it: then open sessions work no more. Whatever can read an editor’s session can approve as its person.
         * @description Needs the permission `room:admin`.
         */
        post: operations["ide.allow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who asks, as runs and the audit log name them, and what they may do here.
         * @description Needs the permission `run:read`.
         */
        get: operations["me.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the person who asks is signed in, the newest first. Of a program: nowhere.
         * @description Needs the permission `run:read`.
         */
        get: operations["me.signIns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sign-ins/{signIn}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End one sign-in of the person who asks, at once. Streams that it holds open are closed within seconds.
         * @description Needs the permission `run:read`.
         */
        post: operations["me.endSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow all runs live: what happens, as it is committed, none left out and none twice, that of one run in order; without an end.
         * @description Needs the permission `run:read`. A stream of server-sent events, each with the `events` that were committed together, with an `id` to be sent back as `Last-Event-ID`. Begins after the `cursor` of the Runboard, or now. `reset: true` says to read anew what you know: you came without a place, the place is not of this ledger (a backup was restored), or a flood was skipped. `event: problem` says why a stream is closed.
         */
        get: operations["runboard.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/events": {
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
        get: operations["runs.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/artefacts/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a file that a run kept, by its SHA-256.
         * @description Needs the permission `run:read`. Always an attachment, whatever it holds.
         */
        get: operations["runs.artefact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/logs/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the whole log of one attempt as text; secrets are masked.
         * @description Needs the permission `run:read`. Always an attachment.
         */
        get: operations["runs.logText"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the audit log as JSON lines or CSV, with leaf hashes and the signed head of the tree: it verifies offline.
         * @description Needs the permission `audit:read`. docs/audit.md specifies the file.
         */
        get: operations["audit.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run}/logs/stream": {
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
        get: operations["runs.followLogs"];
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
            code: "INPUT_INVALID" | "PLAN_CYCLE" | "PLAN_EXPRESSION" | "PLAN_INVALID" | "PLAN_SYNTAX" | "PLAN_TOO_LARGE" | "PLAN_UNREADABLE" | "SKILL_INVALID" | "RUNBOOK_EMPTY" | "RUNBOOK_LOCK" | "RUNBOOK_SECTION" | "RUNBOOK_SETTINGS" | "RUNBOOK_UNREVIEWED" | "RUNBOOK_WEAK_CHECK" | "SPECKIT_EMPTY" | "SPECKIT_FLAGGED" | "SPECKIT_NONE" | "SPECKIT_SEVERAL" | "SPECKIT_UNSEEN" | "ALREADY_ENDED" | "APPROVAL_NEEDED" | "CLIENT_MISMATCH" | "CROSS_SITE" | "DENIED" | "DOCUMENT_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "KEY_FOREIGN" | "KEY_REFUSED" | "LAST_OWNER" | "LINK_REFUSED" | "METHOD_NOT_ALLOWED" | "NOT_ALLOWED_NOW" | "NOT_FOUND" | "POLICY_INVALID" | "REQUEST_TOO_LARGE" | "SECRET_REFUSED" | "SIGN_IN_REFUSED" | "TOO_MANY_REQUESTS" | "UNAUTHENTICATED" | "USAGE" | "WEBHOOK_REFUSED" | "WEBHOOK_REPLAYED" | "BACKUP_UNUSABLE" | "DATABASE_FAILED" | "DATABASE_UNREACHABLE" | "DATA_DIR_IN_USE" | "DATA_DIR_NEWER" | "DISK_FULL" | "FILE_UNREADABLE" | "INTERNAL" | "MODEL_FAILED" | "MODEL_LIMIT" | "PLATFORM_UNSUPPORTED" | "PORT_IN_USE" | "ROOM_NOT_FOUND" | "SECRETS_FILE" | "SECRET_ALTERED" | "VAULT_KEY" | "ADDRESS_REFUSED" | "ARGUMENT_INVALID" | "ASKED" | "CANCELLED" | "CHANGE_REFUSED" | "HOST_KEY_REFUSED" | "HTTP_STATUS" | "INPUT_NEEDED" | "INTERRUPTED" | "ISOLATION_UNAVAILABLE" | "LOGIN_REFUSED" | "MCP_CONSENT" | "MCP_FAILED" | "MCP_SIGN_IN" | "MCP_UNAVAILABLE" | "OUTPUT_REFUSED" | "PRECONDITION_FAILED" | "ROLLBACK_INCOMPLETE" | "RUN_TIMEOUT" | "SECRET_DESTINATION" | "SECRET_UNUSABLE" | "SQL_FAILED" | "STEP_FAILED" | "STEP_OVER_LIMIT" | "STEP_TIMEOUT" | "TOOL_NOT_ALLOWED" | "UNREACHABLE" | "VERIFIER_FAILED" | "ARTEFACT_MISSING" | "ARTEFACT_REFUSED" | "AUDIT_BROKEN" | "BUNDLE_BROKEN" | "REPLAY_DIFFERS" | "SIGNING_KEY";
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
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No key, or one that does not open the room. */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key has not the permission that is named. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing. */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Anything else that is wrong; see `code`. */
        Problemdefault: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
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
    "runboard.get": {
        parameters: {
            query?: {
                /** @example 60 */
                minutes?: number;
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
                     *       "now": "2026-11-21T06:16:40.000Z",
                     *       "cursor": "81207",
                     *       "minutes": 60,
                     *       "tally": {
                     *         "queued": 1,
                     *         "running": 1,
                     *         "needsYou": 0,
                     *         "notUndone": 0,
                     *         "approvals": 0,
                     *         "parked": 0,
                     *         "ended": 0
                     *       },
                     *       "lanes": [
                     *         {
                     *           "lane": "B",
                     *           "width": 1,
                     *           "inUse": 1,
                     *           "depth": 1,
                     *           "oldestWaitSince": "2026-11-21T06:16:40.000Z"
                     *         }
                     *       ],
                     *       "runs": [
                     *         {
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "shortId": "6f4e1d20",
                     *           "seq": 3,
                     *           "title": "Say hello",
                     *           "status": "running",
                     *           "word": null,
                     *           "lane": "B",
                     *           "target": "shop/staging",
                     *           "requestedBy": "key:ci",
                     *           "host": "build-1",
                     *           "rollingBack": false,
                     *           "queuedAt": "2026-11-21T06:16:22.000Z",
                     *           "startedAt": "2026-11-21T06:16:22.000Z",
                     *           "endedAt": null,
                     *           "since": "2026-11-21T06:16:22.000Z",
                     *           "place": null,
                     *           "waiting": null,
                     *           "asksPerson": false,
                     *           "error": null,
                     *           "progress": {
                     *             "done": 0,
                     *             "total": 1
                     *           },
                     *           "steps": [
                     *             {
                     *               "id": "hello",
                     *               "status": "running",
                     *               "word": null,
                     *               "startedAt": "2026-11-21T06:16:22.000Z",
                     *               "endedAt": null,
                     *               "wakeAt": null,
                     *               "steps": 1
                     *             }
                     *           ],
                     *           "expected": {
                     *             "p50At": "2026-11-21T06:17:10.000Z",
                     *             "p90At": "2026-11-21T06:18:00.000Z",
                     *             "runs": 12
                     *           },
                     *           "expectedStart": null
                     *         },
                     *         {
                     *           "runId": "019ab3c0-8e11-7a02-8f31-5b1d9c2a7e44",
                     *           "shortId": "9c2a7e44",
                     *           "seq": 1,
                     *           "title": "Say hello",
                     *           "status": "queued",
                     *           "word": null,
                     *           "lane": "B",
                     *           "target": "shop/staging",
                     *           "requestedBy": "key:ci",
                     *           "host": "build-1",
                     *           "rollingBack": false,
                     *           "queuedAt": "2026-11-21T06:16:40.000Z",
                     *           "startedAt": null,
                     *           "endedAt": null,
                     *           "since": "2026-11-21T06:16:40.000Z",
                     *           "place": 1,
                     *           "waiting": {
                     *             "code": "LANE_FULL",
                     *             "what": "Lane B is full: 1 of 1.",
                     *             "mend": "Wait, or submit it to another lane with --lane.",
                     *             "step": null,
                     *             "until": null
                     *           },
                     *           "asksPerson": false,
                     *           "error": null,
                     *           "progress": {
                     *             "done": 0,
                     *             "total": 1
                     *           },
                     *           "steps": [],
                     *           "expected": null,
                     *           "expectedStart": "2026-11-21T06:17:10.000Z"
                     *         }
                     *       ],
                     *       "cut": {
                     *         "queued": 0,
                     *         "running": 0,
                     *         "parked": 0,
                     *         "ended": 0
                     *       },
                     *       "workers": [
                     *         {
                     *           "name": "build-1/019a",
                     *           "host": "build-1",
                     *           "takes": "all",
                     *           "state": "beating",
                     *           "lastBeatAt": "2026-11-21T06:16:40.000Z",
                     *           "lanes": [
                     *             "A",
                     *             "B",
                     *             "C",
                     *             "D"
                     *           ],
                     *           "slots": {
                     *             "inUse": 1,
                     *             "of": 16
                     *           }
                     *         }
                     *       ],
                     *       "causes": [
                     *         {
                     *           "code": "LANE_FULL",
                     *           "title": "Lane B is full",
                     *           "what": "1 run waits.",
                     *           "mend": "That run should free a place.",
                     *           "runs": 1,
                     *           "since": "2026-11-21T06:16:40.000Z",
                     *           "lane": "B",
                     *           "host": null,
                     *           "lastBeatAt": null,
                     *           "ends": {
                     *             "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *             "title": "Say hello",
                     *             "at": "2026-11-21T06:17:10.000Z"
                     *           }
                     *         }
                     *       ],
                     *       "needsYou": [],
                     *       "events": [
                     *         {
                     *           "run": "019ab3c0-8e11-7a02-8f31-5b1d9c2a7e44",
                     *           "title": "Say hello",
                     *           "lane": "B",
                     *           "seq": 1,
                     *           "type": "run.created",
                     *           "step": null,
                     *           "item": null,
                     *           "attempt": null,
                     *           "data": {
                     *             "by": "key:ci",
                     *             "parent": null
                     *           },
                     *           "at": "2026-11-21T06:16:40.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        now: string;
                        cursor: string;
                        minutes: number;
                        tally: {
                            queued: number;
                            running: number;
                            needsYou: number;
                            notUndone: number;
                            approvals: number;
                            parked: number;
                            ended: number;
                        };
                        lanes: {
                            /** @enum {string} */
                            lane: "A" | "B" | "C" | "D";
                            width: number;
                            inUse: number;
                            depth: number;
                            oldestWaitSince: string | null;
                        }[];
                        runs: {
                            runId: string;
                            shortId: string;
                            seq: number;
                            title: string;
                            /** @enum {string} */
                            status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                            word: string | null;
                            /** @enum {string} */
                            lane: "A" | "B" | "C" | "D";
                            target: string;
                            requestedBy: string;
                            host: string | null;
                            rollingBack: boolean;
                            queuedAt: string;
                            startedAt: string | null;
                            endedAt: string | null;
                            since: string;
                            place: number | null;
                            waiting: {
                                code: string;
                                what: string;
                                mend: string;
                                step: string | null;
                                until: string | null;
                            } | null;
                            asksPerson: boolean;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            progress: {
                                done: number;
                                total: number;
                            };
                            steps: {
                                id: string;
                                /** @enum {string} */
                                status: "running" | "waiting" | "retrying" | "unknown" | "done" | "failed" | "skipped" | "cancelled";
                                word: string | null;
                                startedAt: string;
                                endedAt: string | null;
                                wakeAt: string | null;
                                steps: number;
                            }[];
                            expected: {
                                p50At: string;
                                p90At: string;
                                runs: number;
                            } | null;
                            expectedStart: string | null;
                        }[];
                        cut: {
                            queued: number;
                            running: number;
                            parked: number;
                            ended: number;
                        };
                        workers: {
                            name: string;
                            host: string;
                            /** @enum {string} */
                            takes: "all" | "own";
                            /** @enum {string} */
                            state: "beating" | "draining" | "silent";
                            lastBeatAt: string;
                            lanes: ("A" | "B" | "C" | "D")[];
                            slots: {
                                inUse: number;
                                of: number | null;
                            };
                        }[];
                        causes: {
                            /** @enum {string} */
                            code: "LANE_FULL" | "NO_WORKER" | "USER_LIMIT" | "KEY_HELD" | "PERSON";
                            title: string;
                            what: string;
                            mend: string;
                            runs: number;
                            since: string | null;
                            lane: ("A" | "B" | "C" | "D") | null;
                            host: string | null;
                            lastBeatAt: string | null;
                            ends: {
                                runId: string;
                                title: string;
                                at: string | null;
                            } | null;
                        }[];
                        needsYou: {
                            /** @enum {string} */
                            kind: "confirm" | "answer" | "resolve" | "decide";
                            runId: string;
                            title: string;
                            target: string;
                            /** @enum {string} */
                            lane: "A" | "B" | "C" | "D";
                            step: string | null;
                            stepTitle: string | null;
                            what: string;
                            mend: string;
                            since: string;
                        }[];
                        events: {
                            run: string;
                            title: string;
                            /** @enum {string} */
                            lane: "A" | "B" | "C" | "D";
                            seq: number;
                            type: string;
                            step: string | null;
                            item: number | null;
                            attempt: number | null;
                            data: unknown;
                            at: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "plans.compile": {
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
                "application/json": {
                    plan: {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
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
                    "application/json": {
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
                                label: "run" | "verify" | "rollback" | "precondition" | "manual" | "choice" | "leave_out";
                                file?: string;
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
                                file?: string;
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
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "plans.dryRun": {
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
                "application/json": {
                    plan: {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
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
                    "application/json": {
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
                            preconditions: {
                                id: string;
                                ok: boolean | null;
                                missing: string;
                                mend: string;
                            }[];
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "plans.export": {
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
                 *       "to": "codex"
                 *     }
                 */
                "application/json": {
                    plan: {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    };
                    /** @enum {string} */
                    to: "github-actions" | "claude-code" | "codex" | "markdown";
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
                     *       "to": "codex",
                     *       "title": "Say hello",
                     *       "file": "opsroom-task.codex.md",
                     *       "text": "# Say hello\n…",
                     *       "notes": [],
                     *       "notCarried": []
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        to: "github-actions" | "claude-code" | "codex" | "markdown";
                        title: string;
                        file: string;
                        text: string;
                        notes: string[];
                        notCarried: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "plans.draft": {
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
                 *       "goal": "check https://shop.example/ on staging"
                 *     }
                 */
                "application/json": {
                    /** @description `restart the staging shop and make sure the checkout works` */
                    goal: string;
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
                     *       "basis": "rule",
                     *       "model": null,
                     *       "why": "No language model is configured (OPSROOM_MODEL). The words of the goal choose among templates.",
                     *       "title": "check https://shop.example/ on staging",
                     *       "text": "apiVersion: opsroom/v1\ntitle: check https://shop.example/ on staging\n…",
                     *       "compiled": null,
                     *       "policy": {
                     *         "effect": "allow",
                     *         "reason": null
                     *       },
                     *       "steps": [
                     *         {
                     *           "id": "p1_answer",
                     *           "from": "rule",
                     *           "because": "\"check http\" names the template http-health-check",
                     *           "isTemplate": true
                     *         }
                     *       ],
                     *       "inputs": [
                     *         {
                     *           "name": "p1_url",
                     *           "from": "rule",
                     *           "value": "https://shop.example/",
                     *           "question": ""
                     *         }
                     *       ],
                     *       "questions": [],
                     *       "repairs": 0,
                     *       "problem": null,
                     *       "spent": null
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        basis: "rule" | "model";
                        model: string | null;
                        why: string | null;
                        title: string;
                        text: string | null;
                        compiled: {
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
                                    label: "run" | "verify" | "rollback" | "precondition" | "manual" | "choice" | "leave_out";
                                    file?: string;
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
                                    file?: string;
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
                        } | null;
                        policy: {
                            /** @enum {string} */
                            effect: "allow" | "deny" | "needs_approval";
                            /** @description Why not, or who must agree. */
                            reason: string | null;
                        } | null;
                        steps: {
                            id: string;
                            /** @enum {string} */
                            from: "rule" | "model";
                            because: string;
                            /** @description It stands so in a template of the room. */
                            isTemplate: boolean;
                        }[];
                        inputs: {
                            name: string;
                            /** @enum {string} */
                            from: "rule" | "model" | "asked" | "template";
                            value: unknown;
                            question: string;
                        }[];
                        questions: string[];
                        repairs: number;
                        problem: string | null;
                        spent: {
                            calls: number;
                            inputTokens: number;
                            outputTokens: number;
                            cost: number;
                            unpriced: number;
                            lost: number;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "documents.list": {
        parameters: {
            query?: {
                limit?: number;
                before?: string;
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
                     *       "documents": [
                     *         {
                     *           "documentId": "019ab3c0-e711-7d02-9a44-1c2b3d4e5f60",
                     *           "name": "procedure.md",
                     *           "kind": "markdown",
                     *           "url": null,
                     *           "sha256": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "bytes": 46,
                     *           "pages": 1,
                     *           "flags": [],
                     *           "by": "person:ada@ops.example",
                     *           "at": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        documents: {
                            documentId: string;
                            name: string;
                            /** @enum {string} */
                            kind: "markdown" | "pdf" | "docx" | "html" | "image";
                            url: string | null;
                            sha256: string;
                            bytes: number;
                            pages: number;
                            flags: string[];
                            by: string;
                            at: string;
                        }[];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "documents.add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "procedure.md",
                 *       "content": "IyBSZXN0YXJ0CgpgYGBzaApzeXN0ZW1jdGwgcmVzdGFydCBzaG9wCmBgYAo="
                 *     }
                 */
                "application/json": {
                    /** @description Of a file: its name, whose ending says what it is. */
                    name?: string;
                    /**
                     * Format: base64
                     * @description Of a file: itself in base64, at most 20 MiB of it.
                     */
                    content?: string;
                    /** @description Of a page: its public address, in place of a file. */
                    url?: string;
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
                     *       "documentId": "019ab3c0-e711-7d02-9a44-1c2b3d4e5f60",
                     *       "name": "procedure.md",
                     *       "kind": "markdown",
                     *       "url": null,
                     *       "sha256": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "bytes": 46,
                     *       "pages": 1,
                     *       "flags": [],
                     *       "by": "person:ada@ops.example",
                     *       "at": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        documentId: string;
                        name: string;
                        /** @enum {string} */
                        kind: "markdown" | "pdf" | "docx" | "html" | "image";
                        url: string | null;
                        sha256: string;
                        bytes: number;
                        pages: number;
                        flags: string[];
                        by: string;
                        at: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "documents.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-e711-7d02-9a44-1c2b3d4e5f60 */
                document: string;
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
                     *       "documentId": "019ab3c0-e711-7d02-9a44-1c2b3d4e5f60",
                     *       "name": "procedure.md",
                     *       "kind": "markdown",
                     *       "url": null,
                     *       "sha256": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "bytes": 46,
                     *       "pages": 1,
                     *       "flags": [],
                     *       "by": "person:ada@ops.example",
                     *       "at": "2026-11-21T06:16:22.000Z",
                     *       "text": "# Restart\n\nIt must be done within 5 minutes.\n",
                     *       "pageLines": [
                     *         1
                     *       ],
                     *       "requirements": [
                     *         {
                     *           "kind": "constraint",
                     *           "text": "It must be done within 5 minutes.",
                     *           "line": 3,
                     *           "page": 1,
                     *           "from": "rule"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        documentId: string;
                        name: string;
                        /** @enum {string} */
                        kind: "markdown" | "pdf" | "docx" | "html" | "image";
                        url: string | null;
                        sha256: string;
                        bytes: number;
                        pages: number;
                        flags: string[];
                        by: string;
                        at: string;
                        text: string;
                        pageLines: number[];
                        requirements: {
                            /** @enum {string} */
                            kind: "entity" | "workflow" | "integration" | "constraint";
                            text: string;
                            line: number | null;
                            page: number;
                            /** @enum {string} */
                            from: "rule" | "model";
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "documents.draft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-e711-7d02-9a44-1c2b3d4e5f60 */
                document: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description What is wanted of it; without one, its own commands. */
                    goal?: string;
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
                     *       "compiled": null,
                     *       "file": "procedure.md",
                     *       "sources": [],
                     *       "why": "The runbook has no step. Put its commands into fenced blocks.",
                     *       "draft": null
                     *     }
                     */
                    "application/json": {
                        compiled: {
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
                                    label: "run" | "verify" | "rollback" | "precondition" | "manual" | "choice" | "leave_out";
                                    file?: string;
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
                                    file?: string;
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
                        } | null;
                        file: string | null;
                        sources: {
                            step: string;
                            page: number;
                            line: number;
                            paragraph: number;
                        }[];
                        why: string | null;
                        draft: {
                            /** @enum {string} */
                            basis: "rule" | "model";
                            model: string | null;
                            why: string | null;
                            title: string;
                            text: string | null;
                            compiled: {
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
                                        label: "run" | "verify" | "rollback" | "precondition" | "manual" | "choice" | "leave_out";
                                        file?: string;
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
                                        file?: string;
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
                            } | null;
                            policy: {
                                /** @enum {string} */
                                effect: "allow" | "deny" | "needs_approval";
                                /** @description Why not, or who must agree. */
                                reason: string | null;
                            } | null;
                            steps: {
                                id: string;
                                /** @enum {string} */
                                from: "rule" | "model";
                                because: string;
                                /** @description It stands so in a template of the room. */
                                isTemplate: boolean;
                            }[];
                            inputs: {
                                name: string;
                                /** @enum {string} */
                                from: "rule" | "model" | "asked" | "template";
                                value: unknown;
                                question: string;
                            }[];
                            questions: string[];
                            repairs: number;
                            problem: string | null;
                            spent: {
                                calls: number;
                                inputTokens: number;
                                outputTokens: number;
                                cost: number;
                                unpriced: number;
                                lost: number;
                            } | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "documents.extract": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-e711-7d02-9a44-1c2b3d4e5f60 */
                document: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "model": null,
                     *       "why": "No language model is configured (OPSROOM_MODEL).",
                     *       "requirements": [
                     *         {
                     *           "kind": "integration",
                     *           "text": "Stripe",
                     *           "line": 8,
                     *           "page": 1,
                     *           "from": "rule"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        model: string | null;
                        why: string | null;
                        requirements: {
                            /** @enum {string} */
                            kind: "entity" | "workflow" | "integration" | "constraint";
                            text: string;
                            line: number | null;
                            page: number;
                            /** @enum {string} */
                            from: "rule" | "model";
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "models.calls": {
        parameters: {
            query?: {
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
                     *       "configured": {
                     *         "provider": "openai",
                     *         "model": "gpt-5-mini"
                     *       },
                     *       "why": null,
                     *       "spent": {
                     *         "calls": 1,
                     *         "inputTokens": 1840,
                     *         "outputTokens": 212,
                     *         "cost": 0.000884,
                     *         "unpriced": 0,
                     *         "lost": 0
                     *       },
                     *       "calls": [
                     *         {
                     *           "callId": "019ab3c0-d0c5-7a11-8e21-4f6b2c9d7e30",
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "by": "person:ada@ops.example",
                     *           "provider": "openai",
                     *           "model": "gpt-5-mini",
                     *           "prompt": "draft-plan",
                     *           "promptVersion": 1,
                     *           "promptDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "inputTokens": 1840,
                     *           "outputTokens": 212,
                     *           "cost": 0.000884,
                     *           "pricesAsOf": "2025-10-15",
                     *           "lost": false,
                     *           "ms": 2140,
                     *           "outcome": "used",
                     *           "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        configured: {
                            provider: string;
                            model: string;
                        } | null;
                        why: string | null;
                        spent: {
                            calls: number;
                            inputTokens: number;
                            outputTokens: number;
                            cost: number;
                            unpriced: number;
                            lost: number;
                        };
                        calls: {
                            callId: string;
                            at: string;
                            by: string;
                            provider: string;
                            model: string;
                            prompt: string;
                            promptVersion: number;
                            promptDigest: string;
                            inputTokens: number | null;
                            outputTokens: number | null;
                            cost: number | null;
                            pricesAsOf: string;
                            ms: number;
                            /** @enum {string} */
                            outcome: "used" | "refused" | "failed";
                            lost: boolean;
                            planDigest: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "templates.list": {
        parameters: {
            query?: {
                /** @example check */
                text?: string;
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
                     *       "templates": [
                     *         {
                     *           "name": "shop-check",
                     *           "origin": "project",
                     *           "kind": "check",
                     *           "title": "Check {{ inputs.url }}",
                     *           "summary": "Ask the shop whether it answers.",
                     *           "tags": [
                     *             "check",
                     *             "shop"
                     *           ],
                     *           "steps": 1,
                     *           "inputs": [
                     *             {
                     *               "name": "url",
                     *               "type": "string",
                     *               "required": true,
                     *               "default": null,
                     *               "description": "What is asked",
                     *               "choices": []
                     *             }
                     *           ],
                     *           "needs": {
                     *             "secrets": [],
                     *             "env": [],
                     *             "names": []
                     *           },
                     *           "problem": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        templates: {
                            name: string;
                            /** @enum {string} */
                            origin: "shipped" | "project";
                            kind: string;
                            title: string;
                            summary: string;
                            tags: string[];
                            steps: number;
                            inputs: {
                                name: string;
                                type: string;
                                required: boolean;
                                default: unknown;
                                description: string;
                                choices: unknown[];
                            }[];
                            needs: {
                                secrets: string[];
                                env: string[];
                                names: string[];
                            };
                            problem: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "templates.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example http-health-check */
                template: string;
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
                     *       "name": "shop-check",
                     *       "origin": "project",
                     *       "kind": "check",
                     *       "title": "Check {{ inputs.url }}",
                     *       "summary": "Ask the shop whether it answers.",
                     *       "tags": [
                     *         "check",
                     *         "shop"
                     *       ],
                     *       "steps": 1,
                     *       "inputs": [
                     *         {
                     *           "name": "url",
                     *           "type": "string",
                     *           "required": true,
                     *           "default": null,
                     *           "description": "What is asked",
                     *           "choices": []
                     *         }
                     *       ],
                     *       "needs": {
                     *         "secrets": [],
                     *         "env": [],
                     *         "names": []
                     *       },
                     *       "problem": null,
                     *       "text": "apiVersion: opsroom/v1\ntitle: Check {{ inputs.url }}\n…",
                     *       "file": "templates/http-health-check.yaml",
                     *       "compiled": null
                     *     }
                     */
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        origin: "shipped" | "project";
                        kind: string;
                        title: string;
                        summary: string;
                        tags: string[];
                        steps: number;
                        inputs: {
                            name: string;
                            type: string;
                            required: boolean;
                            default: unknown;
                            description: string;
                            choices: unknown[];
                        }[];
                        needs: {
                            secrets: string[];
                            env: string[];
                            names: string[];
                        };
                        problem: string | null;
                        text: string;
                        file: string;
                        compiled: {
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
                                    label: "run" | "verify" | "rollback" | "precondition" | "manual" | "choice" | "leave_out";
                                    file?: string;
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
                                    file?: string;
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
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "templates.preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example http-health-check */
                template: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "inputs": {
                 *         "url": "https://shop.example/"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @default {} */
                    inputs?: {
                        [key: string]: unknown;
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
                     *       "name": "http-health-check",
                     *       "title": "Check https://shop.example/",
                     *       "target": {
                     *         "environment": "production"
                     *       },
                     *       "inputs": {
                     *         "url": "https://shop.example/"
                     *       },
                     *       "missing": [],
                     *       "problem": null,
                     *       "steps": [
                     *         {
                     *           "id": "answer",
                     *           "title": "Ask it",
                     *           "tool": "http",
                     *           "action": "request",
                     *           "starts": true,
                     *           "items": null,
                     *           "args": {
                     *             "url": "https://shop.example/",
                     *             "expectStatus": 200
                     *           },
                     *           "verifiers": [
                     *             {
                     *               "id": "up",
                     *               "kind": "http",
                     *               "required": true,
                     *               "config": {
                     *                 "url": "https://shop.example/"
                     *               }
                     *             }
                     *           ],
                     *           "rollback": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        name: string;
                        title: string;
                        target: unknown;
                        inputs: {
                            [key: string]: unknown;
                        };
                        missing: string[];
                        problem: string | null;
                        steps: {
                            id: string;
                            title: string;
                            tool: string | null;
                            action: string;
                            starts: boolean | null;
                            items: number | null;
                            args: unknown;
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
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "skills.list": {
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
                     *       "skills": [
                     *         {
                     *           "slug": "shop-restart",
                     *           "origin": "project",
                     *           "file": "skills/shop-restart.yaml",
                     *           "name": "Restart the shop",
                     *           "version": "1.0.0",
                     *           "description": "Restart a service of the shop and see that it answers.",
                     *           "digest": "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069",
                     *           "tools": [
                     *             "shell"
                     *           ],
                     *           "maxRuntimeMs": 60000,
                     *           "allowedEnvs": [
                     *             "dev",
                     *             "staging"
                     *           ],
                     *           "inputs": [
                     *             {
                     *               "name": "service",
                     *               "type": "string",
                     *               "required": true,
                     *               "description": "Which one"
                     *             }
                     *           ],
                     *           "outputs": [
                     *             "answered"
                     *           ],
                     *           "steps": [
                     *             "restart"
                     *           ],
                     *           "verifiers": [
                     *             "answers"
                     *           ],
                     *           "problem": null,
                     *           "place": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        skills: {
                            slug: string;
                            /** @enum {string} */
                            origin: "shipped" | "project";
                            file: string;
                            name: string;
                            version: string;
                            description: string;
                            digest: string | null;
                            tools: string[];
                            maxRuntimeMs: number | null;
                            allowedEnvs: string[] | null;
                            inputs: {
                                name: string;
                                type: string;
                                required: boolean;
                                description: string;
                            }[];
                            outputs: string[];
                            steps: string[];
                            verifiers: string[];
                            problem: string | null;
                            place: {
                                line: number;
                                column: number;
                            } | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "skills.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example repo-mutation */
                skill: string;
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
                     *       "slug": "shop-restart",
                     *       "origin": "project",
                     *       "file": "skills/shop-restart.yaml",
                     *       "name": "Restart the shop",
                     *       "version": "1.0.0",
                     *       "description": "Restart a service of the shop and see that it answers.",
                     *       "digest": "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069",
                     *       "tools": [
                     *         "shell"
                     *       ],
                     *       "maxRuntimeMs": 60000,
                     *       "allowedEnvs": [
                     *         "dev",
                     *         "staging"
                     *       ],
                     *       "inputs": [
                     *         {
                     *           "name": "service",
                     *           "type": "string",
                     *           "required": true,
                     *           "description": "Which one"
                     *         }
                     *       ],
                     *       "outputs": [
                     *         "answered"
                     *       ],
                     *       "steps": [
                     *         "restart"
                     *       ],
                     *       "verifiers": [
                     *         "answers"
                     *       ],
                     *       "problem": null,
                     *       "place": null,
                     *       "text": "apiVersion: opsroom/v1\nslug: shop-restart\n…",
                     *       "parts": {
                     *         "steps": [
                     *           {
                     *             "id": "restart",
                     *             "title": "Restart it",
                     *             "tool": "shell",
                     *             "dependsOn": [],
                     *             "verifiers": [],
                     *             "rollback": []
                     *           }
                     *         ],
                     *         "verifiers": [
                     *           {
                     *             "id": "answers",
                     *             "kind": "http",
                     *             "required": true
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": {
                        slug: string;
                        /** @enum {string} */
                        origin: "shipped" | "project";
                        file: string;
                        name: string;
                        version: string;
                        description: string;
                        digest: string | null;
                        tools: string[];
                        maxRuntimeMs: number | null;
                        allowedEnvs: string[] | null;
                        inputs: {
                            name: string;
                            type: string;
                            required: boolean;
                            description: string;
                        }[];
                        outputs: string[];
                        steps: string[];
                        verifiers: string[];
                        problem: string | null;
                        place: {
                            line: number;
                            column: number;
                        } | null;
                        text: string;
                        parts: {
                            steps: {
                                id: string;
                                title: string;
                                tool: string;
                                dependsOn: string[];
                                verifiers: {
                                    id: string;
                                    kind: string;
                                    required: boolean;
                                }[];
                                rollback: string[];
                            }[];
                            verifiers: {
                                id: string;
                                kind: string;
                                required: boolean;
                            }[];
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.list": {
        parameters: {
            query?: {
                /**
                 * @example [
                 *       "running"
                 *     ]
                 */
                status?: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled")[];
                lane?: ("A" | "B" | "C" | "D")[];
                session?: string;
                plan?: string;
                text?: string;
                requestedBy?: string[];
                target?: string[];
                from?: string;
                to?: string;
                within?: string;
                archived?: "no" | "only" | "all";
                needsPerson?: boolean;
                /** @example 20 */
                limit?: number;
                cursor?: string;
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
                     *           },
                     *           "shortId": "6f4e1d20",
                     *           "waiting": null,
                     *           "wakeAt": null,
                     *           "rollingBack": false,
                     *           "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "target": {
                     *             "environment": "staging"
                     *           },
                     *           "parent": null,
                     *           "session": {
                     *             "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *             "name": "Move the shop"
                     *           },
                     *           "archived": false,
                     *           "verdicts": {
                     *             "proven": 0,
                     *             "holds": 0,
                     *             "exitCodeOnly": 0,
                     *             "failed": 0
                     *           },
                     *           "notUndone": false,
                     *           "needsPerson": false
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        runs: {
                            runId: string;
                            shortId: string;
                            title: string;
                            /** @enum {string} */
                            status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                            word: string | null;
                            waiting: {
                                code: string;
                                what: string;
                            } | null;
                            wakeAt: string | null;
                            rollingBack: boolean;
                            notUndone: boolean;
                            needsPerson: boolean;
                            planDigest: string;
                            target: {
                                [key: string]: unknown;
                            };
                            lane: string;
                            priority: number;
                            requestedBy: string;
                            parent: string | null;
                            session: {
                                sessionId: string;
                                name: string;
                            } | null;
                            createdAt: string;
                            startedAt: string | null;
                            endedAt: string | null;
                            archived: boolean;
                            progress: {
                                done: number;
                                total: number;
                            };
                            verdicts: {
                                proven: number;
                                holds: number;
                                exitCodeOnly: number;
                                failed: number;
                            };
                        }[];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.start": {
        parameters: {
            query?: never;
            header?: {
                /** @example build-4711 */
                "Idempotency-Key"?: string;
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
                "application/json": {
                    plan: {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    };
                    /** @default {} */
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /** @enum {string} */
                    lane?: "A" | "B" | "C" | "D";
                    priority?: number;
                    /** @description The session that it belongs to, by name or id. A name that no open session has makes one. */
                    session?: string;
                    /** @description What the run may call, and nothing else: `shell`, `mcp:github:*`. Beside it, the lists of the plan and of the session hold. */
                    tools?: string[];
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
                    "application/json": {
                        runId: string;
                        planDigest: string;
                        title: string;
                        steps: number;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.rerun": {
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
                "application/json": {
                    from?: string;
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /** @default false */
                    fresh?: boolean;
                    /** @enum {string} */
                    lane?: "A" | "B" | "C" | "D";
                    priority?: number;
                    session?: string;
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
                    "application/json": {
                        runId: string;
                        planDigest: string;
                        title: string;
                        steps: number;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.get": {
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
                     *       "intent": null,
                     *       "approvals": [],
                     *       "glassBrokenBy": [],
                     *       "rollingBack": false,
                     *       "durationMs": 1200,
                     *       "error": null,
                     *       "waiting": null,
                     *       "asks": null,
                     *       "notUndone": [],
                     *       "declined": [],
                     *       "wakeAt": null,
                     *       "seq": 4,
                     *       "allowed": [
                     *         "cancel",
                     *         "pause"
                     *       ],
                     *       "actions": [
                     *         {
                     *           "action": "cancel",
                     *           "allowed": true,
                     *           "why": null
                     *         },
                     *         {
                     *           "action": "rerun",
                     *           "allowed": false,
                     *           "why": "The run has not ended: it is running."
                     *         }
                     *       ],
                     *       "mayCall": [
                     *         {
                     *           "of": "run",
                     *           "tools": [
                     *             "shell",
                     *             "mcp:github:*"
                     *           ]
                     *         }
                     *       ],
                     *       "worker": {
                     *         "id": "019ab3c0-7c01-7d55-8a11-3b2a1f0e9d8c",
                     *         "host": "build-1",
                     *         "epoch": 1
                     *       },
                     *       "spent": null,
                     *       "cost": null,
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
                     *           "held": null,
                     *           "question": null,
                     *           "reusedFrom": null,
                     *           "items": null,
                     *           "verdicts": [],
                     *           "tries": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        shortId: string;
                        title: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
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
                        intent: string | null;
                        approvals: {
                            by: string;
                            role: string | null;
                            reason: string;
                            breakGlass: boolean;
                            at: string;
                        }[];
                        glassBrokenBy: string[];
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
                        asks: {
                            code: string;
                            what: string;
                            mend: string;
                            step: string;
                            item: number;
                        } | null;
                        notUndone: {
                            step: string;
                            title: string;
                            /** @enum {string} */
                            why: "no rollback" | "its rollback failed" | "its rollback was not run" | "its rollback was left out" | "a part of its rollback was left out";
                        }[];
                        declined: {
                            step: string;
                            by: string;
                            reason: string;
                            notDone: string[];
                        }[];
                        wakeAt: string | null;
                        seq: number;
                        progress: {
                            done: number;
                            total: number;
                        };
                        allowed: ("cancel" | "pause" | "resume" | "confirm" | "answer" | "resolve" | "rerun" | "rollback")[];
                        actions: {
                            /** @enum {string} */
                            action: "cancel" | "pause" | "resume" | "confirm" | "answer" | "resolve" | "rerun" | "rollback";
                            allowed: boolean;
                            why: string | null;
                        }[];
                        mayCall: {
                            /** @enum {string} */
                            of: "plan" | "run" | "session";
                            tools: string[];
                        }[];
                        worker: {
                            id: string;
                            host: string | null;
                            epoch: number;
                        } | null;
                        spent: {
                            calls: number;
                            inputTokens: number;
                            outputTokens: number;
                            cost: number;
                            unpriced: number;
                            lost: number;
                        } | null;
                        cost: {
                            usd: number;
                            unpriced: number;
                            agents: {
                                step: string;
                                attempts: number;
                                usd: number;
                                unpriced: number;
                                inputTokens: number;
                                outputTokens: number;
                            }[];
                            draftUsd: number;
                        } | null;
                        steps: {
                            id: string;
                            title: string;
                            /** @enum {string} */
                            status: "pending" | "running" | "waiting" | "retrying" | "unknown" | "done" | "failed" | "skipped" | "cancelled";
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
                            held: {
                                limit: string;
                                perSecond: number;
                                burst: number;
                                until: string;
                            } | null;
                            question: {
                                message: string;
                                fields: {
                                    name: string;
                                    title: string;
                                    description: string;
                                    /** @enum {string} */
                                    kind: "text" | "number" | "integer" | "boolean" | "choice" | "choices";
                                    required: boolean;
                                    format: string | null;
                                    options: {
                                        value: string;
                                        title: string;
                                    }[];
                                    least: number | null;
                                    most: number | null;
                                    preset: unknown;
                                }[];
                                url: string | null;
                                warning: string | null;
                                step: string;
                                digest: string;
                            } | null;
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
                            tries: {
                                /** @enum {string} */
                                status: "running" | "waiting" | "done" | "failed" | "skipped" | "unknown" | "cancelled";
                                startedAt: string;
                                endedAt: string | null;
                            }[];
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.plan": {
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
                     *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
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
                     *       },
                     *       "source": {
                     *         "file": "hello.yaml",
                     *         "text": "title: Say hello\nsteps:\n  - id: hello\n    tool: shell\n    args: { run: echo hello > hello.txt }\n",
                     *         "places": [
                     *           {
                     *             "step": "hello",
                     *             "from": 3,
                     *             "to": 5,
                     *             "label": null
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        planDigest: string;
                        plan: unknown;
                        source: {
                            file: string;
                            text: string;
                            places: {
                                step: string;
                                from: number;
                                to: number;
                                label: string | null;
                            }[];
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.decisions": {
        parameters: {
            query?: {
                after?: number;
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
                     *       "decisions": [
                     *         {
                     *           "run": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "step": "branch",
                     *           "item": null,
                     *           "attempt": 1,
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "tool": "mcp:github:create_branch",
                     *           "call": "mcp:github:create_branch",
                     *           "action": "call",
                     *           "decision": "allowed",
                     *           "permittedBy": [
                     *             {
                     *               "of": "session",
                     *               "entry": "mcp:github:*"
                     *             }
                     *           ],
                     *           "refusal": null,
                     *           "askedBy": "person:ada@ops.example",
                     *           "approvals": [],
                     *           "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "source": null,
                     *           "model": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        decisions: {
                            run: string;
                            step: string;
                            item: number | null;
                            attempt: number | null;
                            at: string;
                            tool: string;
                            call: string;
                            action: string;
                            /** @enum {string} */
                            decision: "allowed" | "refused";
                            permittedBy: {
                                /** @enum {string} */
                                of: "plan" | "run" | "session";
                                entry: string;
                            }[];
                            refusal: string | null;
                            askedBy: string;
                            approvals: unknown[];
                            planDigest: string;
                            source: string | null;
                            model: string | null;
                        }[];
                        next: number | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.replay": {
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
                     *       "same": true,
                     *       "decisions": 5,
                     *       "counts": [
                     *         {
                     *           "about": "beginnings",
                     *           "count": 1
                     *         },
                     *         {
                     *           "about": "starts",
                     *           "count": 1
                     *         },
                     *         {
                     *           "about": "outcomes",
                     *           "count": 1
                     *         },
                     *         {
                     *           "about": "verdicts",
                     *           "count": 1
                     *         },
                     *         {
                     *           "about": "endings",
                     *           "count": 1
                     *         }
                     *       ],
                     *       "people": [],
                     *       "difference": null
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        title: string;
                        same: boolean;
                        decisions: number;
                        counts: {
                            about: string;
                            count: number;
                        }[];
                        people: {
                            seq: number;
                            at: string;
                            by: string;
                            what: string;
                            reason: string;
                        }[];
                        difference: {
                            step: string | null;
                            item: number | null;
                            attempt: number | null;
                            seq: number | null;
                            recorded: string;
                            decided: string;
                            why: string;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "plans.diff": {
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
                 *       "before": {
                 *         "run": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20"
                 *       },
                 *       "after": {
                 *         "plan": {
                 *           "template": "say-hello"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description Without it: the last run of the other’s title on its target that succeeded. */
                    before?: {
                        /** @description The id of the run, at least four digits of it, or "last". */
                        run: string;
                    } | {
                        /** @description The digest of a plan that the room knows, or its beginning. */
                        digest: string;
                    } | {
                        plan: {
                            text: string;
                            /** @description Its name. By `.md` it is a runbook. */
                            file?: string;
                            /** @description Of a runbook: the anchor of the heading that is meant. */
                            section?: string;
                            lock?: string;
                            strict?: boolean;
                        } | {
                            value: unknown;
                        } | {
                            /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                            template: string;
                        } | {
                            bundle: {
                                path: string;
                                text: string;
                            }[];
                            folder?: string;
                            doer?: {
                                /** @constant */
                                agent: true;
                                /** @enum {string} */
                                preset?: "claude-code" | "codex" | "cursor";
                            } | {
                                argv: [
                                    string
                                ];
                            };
                            check?: [
                                string
                            ];
                            pullRequest?: {
                                repo: string;
                                githubUrl?: string;
                            };
                            all?: boolean;
                            strict?: boolean;
                        } | {
                            [key: string]: unknown;
                        };
                    };
                    after: {
                        /** @description The id of the run, at least four digits of it, or "last". */
                        run: string;
                    } | {
                        /** @description The digest of a plan that the room knows, or its beginning. */
                        digest: string;
                    } | {
                        plan: {
                            text: string;
                            /** @description Its name. By `.md` it is a runbook. */
                            file?: string;
                            /** @description Of a runbook: the anchor of the heading that is meant. */
                            section?: string;
                            lock?: string;
                            strict?: boolean;
                        } | {
                            value: unknown;
                        } | {
                            /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                            template: string;
                        } | {
                            bundle: {
                                path: string;
                                text: string;
                            }[];
                            folder?: string;
                            doer?: {
                                /** @constant */
                                agent: true;
                                /** @enum {string} */
                                preset?: "claude-code" | "codex" | "cursor";
                            } | {
                                argv: [
                                    string
                                ];
                            };
                            check?: [
                                string
                            ];
                            pullRequest?: {
                                repo: string;
                                githubUrl?: string;
                            };
                            all?: boolean;
                            strict?: boolean;
                        } | {
                            [key: string]: unknown;
                        };
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
                     *       "same": false,
                     *       "before": {
                     *         "title": "Say hello",
                     *         "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *         "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *         "shortId": "6f4e1d20",
                     *         "endedAt": "2026-11-21T06:16:22.000Z"
                     *       },
                     *       "after": {
                     *         "title": "Say hello",
                     *         "digest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *         "runId": null,
                     *         "shortId": null,
                     *         "endedAt": null
                     *       },
                     *       "plan": [],
                     *       "inputs": [],
                     *       "policy": [],
                     *       "steps": [
                     *         {
                     *           "id": "hello",
                     *           "title": "hello",
                     *           "change": "changed",
                     *           "differences": [
                     *             {
                     *               "path": "args.run",
                     *               "before": "echo hi > hello.txt",
                     *               "after": "echo hello > hello.txt"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "moved": [],
                     *       "unchanged": 0
                     *     }
                     */
                    "application/json": {
                        same: boolean;
                        before: {
                            title: string;
                            digest: string;
                            runId: string | null;
                            shortId: string | null;
                            endedAt: string | null;
                        };
                        after: {
                            title: string;
                            digest: string;
                            runId: string | null;
                            shortId: string | null;
                            endedAt: string | null;
                        };
                        plan: {
                            path: string;
                            before?: unknown;
                            after?: unknown;
                        }[];
                        inputs: {
                            path: string;
                            before?: unknown;
                            after?: unknown;
                        }[];
                        policy: {
                            path: string;
                            before?: unknown;
                            after?: unknown;
                        }[];
                        steps: {
                            id: string;
                            title: string;
                            /** @enum {string} */
                            change: "added" | "removed" | "changed";
                            differences: {
                                path: string;
                                before?: unknown;
                                after?: unknown;
                            }[];
                        }[];
                        moved: string[];
                        unchanged: number;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.step": {
        parameters: {
            query?: {
                item?: number;
                itemsFrom?: number;
                itemsLimit?: number;
                itemsBad?: boolean;
            };
            header?: never;
            path: {
                /** @example 019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20 */
                run: string;
                /** @example hello */
                step: string;
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
                     *       "step": "hello",
                     *       "title": "Say hello",
                     *       "description": null,
                     *       "kind": "tool",
                     *       "tool": "shell",
                     *       "action": "run",
                     *       "dependsOn": [],
                     *       "written": {
                     *         "run": "echo hello > hello.txt"
                     *       },
                     *       "condition": null,
                     *       "preconditions": [],
                     *       "verifiers": [
                     *         {
                     *           "id": "there",
                     *           "kind": "file",
                     *           "required": true,
                     *           "config": {
                     *             "path": "hello.txt"
                     *           }
                     *         }
                     *       ],
                     *       "rollback": [],
                     *       "timeoutMs": null,
                     *       "maxAttempts": 1,
                     *       "idempotent": false,
                     *       "readOnly": false,
                     *       "attempts": [
                     *         {
                     *           "revision": 0,
                     *           "attempt": 1,
                     *           "status": "done",
                     *           "startedAt": "2026-11-21T06:16:22.000Z",
                     *           "endedAt": "2026-11-21T06:16:22.000Z",
                     *           "args": {
                     *             "run": "echo hello > hello.txt"
                     *           },
                     *           "output": {
                     *             "exitCode": 0
                     *           },
                     *           "large": false,
                     *           "outputDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "word": "proven",
                     *           "error": null,
                     *           "isolation": "none",
                     *           "worker": {
                     *             "id": "019ab3c0-7c01-7d55-8a11-3b2a1f0e9d8c",
                     *             "epoch": 1
                     *           },
                     *           "person": null,
                     *           "wakeAt": null,
                     *           "reusedFrom": null,
                     *           "logLines": 1,
                     *           "verdicts": [
                     *             {
                     *               "id": "there",
                     *               "kind": "file",
                     *               "required": true,
                     *               "passed": true,
                     *               "proven": true,
                     *               "basis": "failed-before",
                     *               "word": "proven",
                     *               "before": {
                     *                 "state": "failed",
                     *                 "summary": "hello.txt is not there.",
                     *                 "evidence": {},
                     *                 "evidenceDigest": null
                     *               },
                     *               "after": {
                     *                 "summary": "hello.txt is there.",
                     *                 "evidence": {
                     *                   "size": 6
                     *                 },
                     *                 "evidenceDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *               }
                     *             }
                     *           ],
                     *           "baseline": [],
                     *           "artefacts": []
                     *         }
                     *       ],
                     *       "question": null,
                     *       "items": null,
                     *       "source": [
                     *         {
                     *           "file": "hello.yaml",
                     *           "from": 3,
                     *           "to": 5,
                     *           "label": null,
                     *           "text": "  - id: hello"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        step: string;
                        title: string;
                        description: string | null;
                        kind: string;
                        tool: string | null;
                        action: string;
                        dependsOn: string[];
                        written: unknown;
                        condition: string | null;
                        preconditions: string[];
                        verifiers: {
                            id: string;
                            kind: string;
                            required: boolean;
                            config: unknown;
                        }[];
                        rollback: {
                            id: string;
                            title: string;
                        }[];
                        timeoutMs: number | null;
                        maxAttempts: number;
                        idempotent: boolean;
                        readOnly: boolean;
                        attempts: {
                            revision: number;
                            attempt: number;
                            /** @enum {string} */
                            status: "running" | "waiting" | "done" | "failed" | "skipped" | "unknown" | "cancelled";
                            startedAt: string;
                            endedAt: string | null;
                            args: unknown;
                            output: unknown;
                            large: boolean;
                            outputDigest: string | null;
                            word: string | null;
                            error: {
                                code: string;
                                message: string;
                                mend: string;
                            } | null;
                            isolation: string | null;
                            worker: {
                                id: string;
                                epoch: number;
                            } | null;
                            person: {
                                by: string;
                                reason: string;
                            } | null;
                            wakeAt: string | null;
                            reusedFrom: string | null;
                            logLines: number;
                            verdicts: {
                                id: string;
                                kind: string;
                                required: boolean;
                                passed: boolean;
                                proven: boolean;
                                /** @enum {string} */
                                basis: "failed-before" | "names-effect" | "none";
                                word: string;
                                before: {
                                    summary: string;
                                    evidence: unknown;
                                    evidenceDigest: string | null;
                                    /** @enum {string} */
                                    state: "failed" | "passed" | "unknown";
                                } | null;
                                after: {
                                    summary: string;
                                    evidence: unknown;
                                    evidenceDigest: string | null;
                                };
                            }[];
                            baseline: {
                                summary: string;
                                evidence: unknown;
                                evidenceDigest: string | null;
                                id: string;
                                /** @enum {string} */
                                state: "failed" | "passed" | "unknown";
                            }[];
                            artefacts: {
                                name: string;
                                sha256: string;
                                size: number;
                                present: boolean;
                            }[];
                        }[];
                        question: {
                            message: string;
                            fields: {
                                name: string;
                                title: string;
                                description: string;
                                /** @enum {string} */
                                kind: "text" | "number" | "integer" | "boolean" | "choice" | "choices";
                                required: boolean;
                                format: string | null;
                                options: {
                                    value: string;
                                    title: string;
                                }[];
                                least: number | null;
                                most: number | null;
                                preset: unknown;
                            }[];
                            url: string | null;
                            warning: string | null;
                            step: string;
                            digest: string;
                        } | null;
                        items: {
                            page: {
                                item: number;
                                /** @enum {string} */
                                status: "running" | "waiting" | "done" | "failed" | "skipped" | "unknown" | "cancelled";
                                word: string | null;
                                attempt: number;
                                startedAt: string;
                                endedAt: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    mend: string;
                                } | null;
                                wakeAt: string | null;
                            }[];
                            next: number | null;
                        } | null;
                        source: {
                            file: string;
                            from: number;
                            to: number;
                            label: string | null;
                            text: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.estimate": {
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
                     *       "basis": "plan",
                     *       "runs": 38,
                     *       "p50Ms": 113000,
                     *       "p90Ms": 263000,
                     *       "path": [
                     *         "hello"
                     *       ],
                     *       "persons": [],
                     *       "over": [],
                     *       "at": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        basis: ("plan" | "title") | null;
                        runs: number;
                        p50Ms: number | null;
                        p90Ms: number | null;
                        path: string[];
                        persons: string[];
                        over: string[];
                        at: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.logs": {
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
                    "application/json": {
                        runId: string;
                        lines: {
                            step: string;
                            item: number;
                            attempt: number;
                            number: number;
                            /** @enum {string} */
                            stream: "out" | "err" | "gap";
                            text: string;
                            dropped: number;
                        }[];
                        truncated: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.logLines": {
        parameters: {
            query: {
                /** @example hello */
                step: string;
                item?: number;
                revision?: number;
                /** @example 1 */
                attempt: number;
                /** @example 1 */
                from?: number;
                /** @example 200 */
                limit?: number;
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
                     *       "lines": [
                     *         {
                     *           "number": 1,
                     *           "stream": "out",
                     *           "text": "hello",
                     *           "dropped": 0,
                     *           "cut": 0
                     *         }
                     *       ],
                     *       "total": 1,
                     *       "gap": null
                     *     }
                     */
                    "application/json": {
                        lines: {
                            number: number;
                            /** @enum {string} */
                            stream: "out" | "err" | "gap";
                            text: string;
                            dropped: number;
                            cut: number;
                        }[];
                        total: number;
                        gap: {
                            from: number;
                            count: number;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.searchLog": {
        parameters: {
            query: {
                /** @example hello */
                step: string;
                item?: number;
                revision?: number;
                /** @example 1 */
                attempt: number;
                /** @example hell */
                text?: string;
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
                     *       "found": [
                     *         1
                     *       ],
                     *       "truncated": false
                     *     }
                     */
                    "application/json": {
                        found: number[];
                        truncated: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.cancel": {
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
                "application/json": {
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
                    "application/json": {
                        runId: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.pause": {
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
                "application/json": {
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
                    "application/json": {
                        runId: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.resume": {
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
                "application/json": {
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
                    "application/json": {
                        runId: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.rollback": {
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
                "application/json": {
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
                    "application/json": {
                        runId: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.confirm": {
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
                "application/json": {
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
                    "application/json": {
                        runId: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.answer": {
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
                 *       "step": "release",
                 *       "question": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                 *       "content": {
                 *         "version": "1.4.0"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description STEP, STEP#ITEM or STEP/COMPENSATION. */
                    step: string;
                    /** @description The digest of the question: no other is answered. */
                    question: string;
                    /**
                     * @description decline: no. cancel: neither yes nor no.
                     * @default accept
                     * @enum {string}
                     */
                    action?: "accept" | "decline" | "cancel";
                    /** @description What is filled in, by the names of its fields. */
                    content?: {
                        [key: string]: unknown;
                    };
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
                    "application/json": {
                        runId: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.resolve": {
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
                "application/json": {
                    /** @description STEP, STEP#ITEM or STEP/COMPENSATION. */
                    step: string;
                    /** @enum {string} */
                    as: "done" | "failed" | "skip" | "retry";
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
                    "application/json": {
                        runId: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.archive": {
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
                 *       "reason": "a drill"
                 *     }
                 */
                "application/json": {
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
                     *       "archived": true
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        archived: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.unarchive": {
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
                "application/json": {
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
                     *       "archived": false
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        archived: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.bulkPreview": {
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
                 *       "action": "cancel",
                 *       "runs": [
                 *         "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    action: "cancel" | "rerun" | "archive" | "unarchive";
                    /** @description Ids, 500 at most. */
                    runs: string[];
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
                     *       "applies": 1,
                     *       "runs": [
                     *         {
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "shortId": "6f4e1d20",
                     *           "title": "Say hello",
                     *           "status": "running",
                     *           "applies": true,
                     *           "what": "Running steps are stopped; what was done stays as it is."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        applies: number;
                        runs: {
                            runId: string;
                            shortId: string;
                            title: string;
                            status: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled") | null;
                            applies: boolean;
                            what: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.bulk": {
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
                 *       "action": "cancel",
                 *       "runs": [
                 *         "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20"
                 *       ],
                 *       "reason": "the wrong branch"
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    action: "cancel" | "rerun" | "archive" | "unarchive";
                    /** @description Ids, 500 at most. */
                    runs: string[];
                    /** @description Why; in the audit log for each of them. */
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
                     *       "done": 1,
                     *       "notApplied": 0,
                     *       "failed": 0,
                     *       "runs": [
                     *         {
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "shortId": "6f4e1d20",
                     *           "title": "Say hello",
                     *           "status": "running",
                     *           "outcome": "done",
                     *           "what": "Running steps are stopped; what was done stays as it is.",
                     *           "newRunId": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        done: number;
                        notApplied: number;
                        failed: number;
                        runs: {
                            runId: string;
                            shortId: string;
                            title: string;
                            status: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled") | null;
                            /** @enum {string} */
                            outcome: "done" | "not applied" | "failed";
                            what: string;
                            newRunId: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "proofs.export": {
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
                    "application/json": {
                        runId: string;
                        bundle: {
                            /** @constant */
                            mediaType: "application/vnd.opsroom.proof+json;version=1";
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
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "proofs.verify": {
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
                     *       "ok": true,
                     *       "checks": [
                     *         {
                     *           "name": "form",
                     *           "ok": true,
                     *           "problem": null
                     *         },
                     *         {
                     *           "name": "signature",
                     *           "ok": true,
                     *           "problem": null
                     *         },
                     *         {
                     *           "name": "chain",
                     *           "ok": true,
                     *           "problem": null
                     *         }
                     *       ],
                     *       "firstBroken": null,
                     *       "status": "succeeded",
                     *       "word": "proven",
                     *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "head": {
                     *         "seq": 3,
                     *         "hash": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "keyid": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "approvedBy": [
                     *         "person:ada@ops.example"
                     *       ],
                     *       "omitted": 0
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        ok: boolean;
                        checks: {
                            name: string;
                            ok: boolean;
                            problem: string | null;
                        }[];
                        firstBroken: {
                            seq: number;
                            step: string | null;
                            problem: string;
                        } | null;
                        status: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled") | null;
                        word: string | null;
                        planDigest: string | null;
                        head: {
                            seq: number;
                            hash: string;
                        } | null;
                        keyid: string | null;
                        approvedBy: string[];
                        omitted: number;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "proofs.chain": {
        parameters: {
            query?: {
                /** @example -1 */
                after?: number;
                /** @example 500 */
                limit?: number;
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
                     *       "title": "Say hello",
                     *       "status": "running",
                     *       "planDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "records": [
                     *         {
                     *           "v": 1,
                     *           "run": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "seq": 0,
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "prev": "0000000000000000000000000000000000000000000000000000000000000000",
                     *           "body": {
                     *             "type": "genesis",
                     *             "planDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *             "inputsDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *             "targetDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *             "requestedBy": "key:ci",
                     *             "approvals": []
                     *           },
                     *           "hash": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *         }
                     *       ],
                     *       "more": false,
                     *       "sealed": null
                     *     }
                     */
                    "application/json": {
                        runId: string;
                        title: string;
                        /** @enum {string} */
                        status: "queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled";
                        planDigest: string;
                        records: {
                            /** @constant */
                            v: 1;
                            run: string;
                            seq: number;
                            /** Format: date-time */
                            at: string;
                            prev: string;
                            body: {
                                /** @constant */
                                type: "genesis";
                                planDigest: string;
                                inputsDigest: string;
                                targetDigest: string;
                                requestedBy: string;
                                approvals: unknown[];
                                parent?: {
                                    run: string;
                                    head: string;
                                    rule?: number;
                                    reused: {
                                        step: string;
                                        item: number;
                                        revision: number;
                                        attempt: number;
                                        outputDigest: string;
                                    }[];
                                };
                            } | {
                                /** @constant */
                                type: "step";
                                step: string;
                                item: number;
                                revision: number;
                                attempt: number;
                                /** @enum {string} */
                                outcome: "done" | "failed" | "skipped" | "unknown";
                                word: string;
                                /** Format: date-time */
                                startedAt: string;
                                /** Format: date-time */
                                endedAt: string;
                                isolation: string;
                                outputDigest: string;
                                logDigest?: string;
                                error?: string;
                                artefacts?: {
                                    name: string;
                                    sha256: string;
                                    size: number;
                                }[];
                                person?: {
                                    by: string;
                                    reason: string;
                                };
                            } | {
                                /** @constant */
                                type: "verdict";
                                step: string;
                                item: number;
                                revision: number;
                                attempt: number;
                                verifier: string;
                                kind: string;
                                required: boolean;
                                baseline: {
                                    /** @enum {string} */
                                    state: "failed" | "passed" | "unknown";
                                    evidence?: string;
                                };
                                passed: boolean;
                                proven: boolean;
                                /** @enum {string} */
                                basis: "failed-before" | "names-effect" | "none";
                                evidence: string;
                            } | {
                                /** @constant */
                                type: "signal";
                                kind: string;
                                by: string;
                                reason: string;
                                step?: string;
                            } | {
                                /** @constant */
                                type: "end";
                                /** @enum {string} */
                                status: "succeeded" | "failed" | "rolled_back" | "cancelled";
                                word: string;
                            };
                            hash: string;
                        }[];
                        more: boolean;
                        sealed: {
                            at: string;
                            headSeq: number;
                            head: string;
                            keyid: string;
                            auditSeq: number;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "proofs.evidence": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65 */
                digest: string;
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
                     *       "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "evidence": {
                     *         "path": "hello.txt",
                     *         "exists": true,
                     *         "size": 6
                     *       }
                     *     }
                     */
                    "application/json": {
                        digest: string;
                        evidence: unknown;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "intents.list": {
        parameters: {
            query?: {
                /**
                 * @example [
                 *       "waiting"
                 *     ]
                 */
                status?: ("waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void")[];
                proposedBy?: string;
                text?: string;
                limit?: number;
                cursor?: string;
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
                     *       "intents": [
                     *         {
                     *           "intentId": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *           "shortId": "2e7f1a05",
                     *           "intent": "deploy",
                     *           "title": "Deploy the shop",
                     *           "status": "waiting",
                     *           "word": "",
                     *           "reason": "The fix of the checkout is in.",
                     *           "claimed": {
                     *             "target": "production"
                     *           },
                     *           "target": {
                     *             "environment": "production",
                     *             "app": "shop"
                     *           },
                     *           "inputs": {
                     *             "ref": "v1.4.2"
                     *           },
                     *           "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "source": {
                     *             "kind": "file",
                     *             "name": "ops/deploy.yaml"
                     *           },
                     *           "proposer": {
                     *             "by": "key:gpt",
                     *             "kind": "agent",
                     *             "agent": "gpt",
                     *             "role": null,
                     *             "client": null
                     *           },
                     *           "decision": {
                     *             "effect": "needs_approval",
                     *             "reason": null,
                     *             "policies": [
                     *               "production-approved"
                     *             ],
                     *             "policyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *           },
                     *           "rules": [
                     *             {
                     *               "policy": "production-approved",
                     *               "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *               "roles": [
                     *                 "approver",
                     *                 "owner"
                     *               ],
                     *               "count": 1,
                     *               "given": [],
                     *               "missing": 1,
                     *               "window": null,
                     *               "form": null
                     *             }
                     *           ],
                     *           "wanted": "1 of approver, owner (production-approved: Production changes only after an approver or owner agreed who did not ask for it.)",
                     *           "approvals": [],
                     *           "glassBrokenBy": [],
                     *           "form": {},
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "expiresAt": "2026-11-21T10:16:22.000Z",
                     *           "startsAt": null,
                     *           "endedAt": null,
                     *           "runId": null,
                     *           "supersedes": null,
                     *           "supersededBy": null,
                     *           "actions": [
                     *             {
                     *               "action": "approve",
                     *               "allowed": true,
                     *               "why": null
                     *             },
                     *             {
                     *               "action": "reject",
                     *               "allowed": true,
                     *               "why": null
                     *             },
                     *             {
                     *               "action": "withdraw",
                     *               "allowed": true,
                     *               "why": null
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        intents: {
                            intentId: string;
                            shortId: string;
                            intent: string;
                            title: string;
                            /** @enum {string} */
                            status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                            word: string;
                            reason: string;
                            claimed: {
                                [key: string]: unknown;
                            };
                            target: {
                                [key: string]: unknown;
                            };
                            inputs: {
                                [key: string]: unknown;
                            };
                            planDigest: string;
                            source: {
                                /** @enum {string} */
                                kind: "file" | "inline" | "run";
                                name: string;
                            };
                            proposer: {
                                by: string;
                                kind: string;
                                agent: string | null;
                                role: string | null;
                                client: string | null;
                            };
                            decision: {
                                /** @enum {string} */
                                effect: "allow" | "deny" | "needs_approval";
                                reason: string | null;
                                policies: string[];
                                policyDigest: string;
                            };
                            rules: {
                                policy: string;
                                reason: string;
                                roles: string[];
                                count: number;
                                given: string[];
                                missing: number;
                                window: string | null;
                                form: string | null;
                            }[];
                            wanted: string;
                            approvals: {
                                by: string;
                                role: string | null;
                                /** @enum {string} */
                                verdict: "approve" | "reject";
                                reason: string;
                                breakGlass: boolean;
                                at: string;
                            }[];
                            glassBrokenBy: string[];
                            form: {
                                [key: string]: unknown;
                            };
                            createdAt: string;
                            expiresAt: string | null;
                            startsAt: string | null;
                            endedAt: string | null;
                            runId: string | null;
                            supersedes: string | null;
                            supersededBy: string | null;
                            actions: {
                                /** @enum {string} */
                                action: "approve" | "reject" | "withdraw";
                                allowed: boolean;
                                why: string | null;
                            }[];
                        }[];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "intents.create": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "intent": "deploy",
                 *       "target": "production",
                 *       "inputs": {
                 *         "ref": "v1.4.2"
                 *       },
                 *       "reason": "The fix of the checkout is in."
                 *     }
                 */
                "application/json": {
                    /** @description What is wanted, such as `deploy`. Without a plan it says which: by `intents.yaml`, as `ops/deploy.yaml`, or as a template. */
                    intent?: string;
                    /** @description Where, such as `staging`: the plan must work there. */
                    target?: string;
                    /** @description The plan, where `intent` is not enough to find it. */
                    plan?: ({
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    }) | {
                        /** @description A plan file or a runbook below the project folder of the room, or a template: `ops/deploy.yaml`, `template:deploy-vercel`. */
                        name: string;
                        /** @description Of a runbook: the anchor of the section that is meant. */
                        section?: string;
                    } | {
                        /** @description An earlier run, to be run again. */
                        run: string;
                        /** @description This step and all that follow run again; without it, what was not done. */
                        from?: string;
                        /**
                         * @description From its beginning; nothing is taken over.
                         * @default false
                         */
                        fresh?: boolean;
                    };
                    /** @default {} */
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /** @enum {string} */
                    lane?: "A" | "B" | "C" | "D";
                    priority?: number;
                    /** @description The session of the run, by name or id. */
                    session?: string;
                    /** @description What the run may call, and nothing else: `shell`, `mcp:github:*`. */
                    tools?: string[];
                    folder?: string;
                    /** @default false */
                    seen?: boolean;
                    /**
                     * @description Why; those who decide read it.
                     * @default
                     */
                    reason?: string;
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
                     *       "intentId": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *       "shortId": "2e7f1a05",
                     *       "intent": "deploy",
                     *       "title": "Deploy the shop",
                     *       "status": "waiting",
                     *       "word": "",
                     *       "reason": "The fix of the checkout is in.",
                     *       "claimed": {
                     *         "target": "production"
                     *       },
                     *       "target": {
                     *         "environment": "production",
                     *         "app": "shop"
                     *       },
                     *       "inputs": {
                     *         "ref": "v1.4.2"
                     *       },
                     *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "source": {
                     *         "kind": "file",
                     *         "name": "ops/deploy.yaml"
                     *       },
                     *       "proposer": {
                     *         "by": "key:gpt",
                     *         "kind": "agent",
                     *         "agent": "gpt",
                     *         "role": null,
                     *         "client": null
                     *       },
                     *       "decision": {
                     *         "effect": "needs_approval",
                     *         "reason": null,
                     *         "policies": [
                     *           "production-approved"
                     *         ],
                     *         "policyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "rules": [
                     *         {
                     *           "policy": "production-approved",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "roles": [
                     *             "approver",
                     *             "owner"
                     *           ],
                     *           "count": 1,
                     *           "given": [],
                     *           "missing": 1,
                     *           "window": null,
                     *           "form": null
                     *         }
                     *       ],
                     *       "wanted": "1 of approver, owner (production-approved: Production changes only after an approver or owner agreed who did not ask for it.)",
                     *       "approvals": [],
                     *       "glassBrokenBy": [],
                     *       "form": {},
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-21T10:16:22.000Z",
                     *       "startsAt": null,
                     *       "endedAt": null,
                     *       "runId": null,
                     *       "supersedes": null,
                     *       "supersededBy": null,
                     *       "actions": [
                     *         {
                     *           "action": "approve",
                     *           "allowed": true,
                     *           "why": null
                     *         },
                     *         {
                     *           "action": "reject",
                     *           "allowed": true,
                     *           "why": null
                     *         },
                     *         {
                     *           "action": "withdraw",
                     *           "allowed": true,
                     *           "why": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        intentId: string;
                        shortId: string;
                        intent: string;
                        title: string;
                        /** @enum {string} */
                        status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                        word: string;
                        reason: string;
                        claimed: {
                            [key: string]: unknown;
                        };
                        target: {
                            [key: string]: unknown;
                        };
                        inputs: {
                            [key: string]: unknown;
                        };
                        planDigest: string;
                        source: {
                            /** @enum {string} */
                            kind: "file" | "inline" | "run";
                            name: string;
                        };
                        proposer: {
                            by: string;
                            kind: string;
                            agent: string | null;
                            role: string | null;
                            client: string | null;
                        };
                        decision: {
                            /** @enum {string} */
                            effect: "allow" | "deny" | "needs_approval";
                            reason: string | null;
                            policies: string[];
                            policyDigest: string;
                        };
                        rules: {
                            policy: string;
                            reason: string;
                            roles: string[];
                            count: number;
                            given: string[];
                            missing: number;
                            window: string | null;
                            form: string | null;
                        }[];
                        wanted: string;
                        approvals: {
                            by: string;
                            role: string | null;
                            /** @enum {string} */
                            verdict: "approve" | "reject";
                            reason: string;
                            breakGlass: boolean;
                            at: string;
                        }[];
                        glassBrokenBy: string[];
                        form: {
                            [key: string]: unknown;
                        };
                        createdAt: string;
                        expiresAt: string | null;
                        startsAt: string | null;
                        endedAt: string | null;
                        runId: string | null;
                        supersedes: string | null;
                        supersededBy: string | null;
                        actions: {
                            /** @enum {string} */
                            action: "approve" | "reject" | "withdraw";
                            allowed: boolean;
                            why: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "intents.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05 */
                intent: string;
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
                     *       "intentId": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *       "shortId": "2e7f1a05",
                     *       "intent": "deploy",
                     *       "title": "Deploy the shop",
                     *       "status": "waiting",
                     *       "word": "",
                     *       "reason": "The fix of the checkout is in.",
                     *       "claimed": {
                     *         "target": "production"
                     *       },
                     *       "target": {
                     *         "environment": "production",
                     *         "app": "shop"
                     *       },
                     *       "inputs": {
                     *         "ref": "v1.4.2"
                     *       },
                     *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "source": {
                     *         "kind": "file",
                     *         "name": "ops/deploy.yaml"
                     *       },
                     *       "proposer": {
                     *         "by": "key:gpt",
                     *         "kind": "agent",
                     *         "agent": "gpt",
                     *         "role": null,
                     *         "client": null
                     *       },
                     *       "decision": {
                     *         "effect": "needs_approval",
                     *         "reason": null,
                     *         "policies": [
                     *           "production-approved"
                     *         ],
                     *         "policyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "rules": [
                     *         {
                     *           "policy": "production-approved",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "roles": [
                     *             "approver",
                     *             "owner"
                     *           ],
                     *           "count": 1,
                     *           "given": [],
                     *           "missing": 1,
                     *           "window": null,
                     *           "form": null
                     *         }
                     *       ],
                     *       "wanted": "1 of approver, owner (production-approved: Production changes only after an approver or owner agreed who did not ask for it.)",
                     *       "approvals": [],
                     *       "glassBrokenBy": [],
                     *       "form": {},
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-21T10:16:22.000Z",
                     *       "startsAt": null,
                     *       "endedAt": null,
                     *       "runId": null,
                     *       "supersedes": null,
                     *       "supersededBy": null,
                     *       "actions": [
                     *         {
                     *           "action": "approve",
                     *           "allowed": true,
                     *           "why": null
                     *         },
                     *         {
                     *           "action": "reject",
                     *           "allowed": true,
                     *           "why": null
                     *         },
                     *         {
                     *           "action": "withdraw",
                     *           "allowed": true,
                     *           "why": null
                     *         }
                     *       ],
                     *       "steps": [
                     *         {
                     *           "id": "release",
                     *           "title": "Release",
                     *           "tool": "http",
                     *           "args": {
                     *             "method": "POST",
                     *             "url": "‹secret:DEPLOY_HOOK›",
                     *             "body": {
                     *               "ref": "v1.4.2"
                     *             }
                     *           },
                     *           "verifiers": [
                     *             {
                     *               "id": "live",
                     *               "kind": "http",
                     *               "required": true
                     *             }
                     *           ],
                     *           "isolation": "none",
                     *           "warnings": []
                     *         }
                     *       ],
                     *       "moreSteps": 0,
                     *       "withoutRollback": 1,
                     *       "diff": {
                     *         "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *         "shortId": "6f4e1d20",
                     *         "endedAt": "2026-11-21T06:16:22.000Z",
                     *         "plan": [],
                     *         "inputs": [
                     *           {
                     *             "path": "ref",
                     *             "before": "v1.4.1",
                     *             "after": "v1.4.2"
                     *           }
                     *         ],
                     *         "steps": [],
                     *         "same": 1
                     *       },
                     *       "policies": [
                     *         {
                     *           "id": "production-approved",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "text": "@id(\"production-approved\") forbid (principal, action, resource);"
                     *         }
                     *       ],
                     *       "forms": [],
                     *       "history": [
                     *         {
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "shortId": "6f4e1d20",
                     *           "status": "succeeded",
                     *           "word": "proven",
                     *           "requestedBy": "key:ci",
                     *           "endedAt": "2026-11-21T06:16:22.000Z",
                     *           "durationMs": 61000,
                     *           "costUsd": null
                     *         }
                     *       ],
                     *       "usuallyMs": 61000,
                     *       "warnings": [],
                     *       "holds": {
                     *         "now": true,
                     *         "why": null,
                     *         "mend": null
                     *       }
                     *     }
                     */
                    "application/json": {
                        intentId: string;
                        shortId: string;
                        intent: string;
                        title: string;
                        /** @enum {string} */
                        status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                        word: string;
                        reason: string;
                        claimed: {
                            [key: string]: unknown;
                        };
                        target: {
                            [key: string]: unknown;
                        };
                        inputs: {
                            [key: string]: unknown;
                        };
                        planDigest: string;
                        source: {
                            /** @enum {string} */
                            kind: "file" | "inline" | "run";
                            name: string;
                        };
                        proposer: {
                            by: string;
                            kind: string;
                            agent: string | null;
                            role: string | null;
                            client: string | null;
                        };
                        decision: {
                            /** @enum {string} */
                            effect: "allow" | "deny" | "needs_approval";
                            reason: string | null;
                            policies: string[];
                            policyDigest: string;
                        };
                        rules: {
                            policy: string;
                            reason: string;
                            roles: string[];
                            count: number;
                            given: string[];
                            missing: number;
                            window: string | null;
                            form: string | null;
                        }[];
                        wanted: string;
                        approvals: {
                            by: string;
                            role: string | null;
                            /** @enum {string} */
                            verdict: "approve" | "reject";
                            reason: string;
                            breakGlass: boolean;
                            at: string;
                        }[];
                        glassBrokenBy: string[];
                        form: {
                            [key: string]: unknown;
                        };
                        createdAt: string;
                        expiresAt: string | null;
                        startsAt: string | null;
                        endedAt: string | null;
                        runId: string | null;
                        supersedes: string | null;
                        supersededBy: string | null;
                        actions: {
                            /** @enum {string} */
                            action: "approve" | "reject" | "withdraw";
                            allowed: boolean;
                            why: string | null;
                        }[];
                        steps: {
                            id: string;
                            title: string;
                            tool: string | null;
                            args: unknown;
                            verifiers: {
                                id: string;
                                kind: string;
                                required: boolean;
                            }[];
                            isolation: string;
                            warnings: string[];
                        }[];
                        moreSteps: number;
                        withoutRollback: number;
                        diff: {
                            runId: string;
                            shortId: string;
                            endedAt: string;
                            plan: {
                                path: string;
                                before?: unknown;
                                after?: unknown;
                            }[];
                            inputs: {
                                path: string;
                                before?: unknown;
                                after?: unknown;
                            }[];
                            steps: {
                                id: string;
                                title: string;
                                /** @enum {string} */
                                change: "added" | "removed" | "changed";
                                differences: {
                                    path: string;
                                    before?: unknown;
                                    after?: unknown;
                                }[];
                            }[];
                            same: number;
                        } | null;
                        policies: {
                            id: string;
                            reason: string;
                            text: string;
                        }[];
                        forms: {
                            policy: string;
                            schema: unknown;
                        }[];
                        history: {
                            runId: string;
                            shortId: string;
                            status: string;
                            word: string | null;
                            requestedBy: string;
                            endedAt: string;
                            durationMs: number;
                            costUsd: number | null;
                        }[];
                        usuallyMs: number | null;
                        warnings: string[];
                        holds: {
                            now: boolean;
                            why: string | null;
                            mend: string | null;
                        };
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "intents.approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05 */
                intent: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Checked on staging."
                 *     }
                 */
                "application/json": {
                    /** @description Why; it stands in the proof of the run. */
                    reason: string;
                    /** @description What the policy wants filled in; the plan takes it as inputs of these names. */
                    form?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description In an emergency: two different people who say so override windows, roles and numbers. Loud in the audit log.
                     * @default false
                     */
                    breakGlass?: boolean;
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
                     *       "intentId": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *       "shortId": "2e7f1a05",
                     *       "intent": "deploy",
                     *       "title": "Deploy the shop",
                     *       "status": "running",
                     *       "word": "",
                     *       "reason": "The fix of the checkout is in.",
                     *       "claimed": {
                     *         "target": "production"
                     *       },
                     *       "target": {
                     *         "environment": "production",
                     *         "app": "shop"
                     *       },
                     *       "inputs": {
                     *         "ref": "v1.4.2"
                     *       },
                     *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "source": {
                     *         "kind": "file",
                     *         "name": "ops/deploy.yaml"
                     *       },
                     *       "proposer": {
                     *         "by": "key:gpt",
                     *         "kind": "agent",
                     *         "agent": "gpt",
                     *         "role": null,
                     *         "client": null
                     *       },
                     *       "decision": {
                     *         "effect": "needs_approval",
                     *         "reason": null,
                     *         "policies": [
                     *           "production-approved"
                     *         ],
                     *         "policyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "rules": [
                     *         {
                     *           "policy": "production-approved",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "roles": [
                     *             "approver",
                     *             "owner"
                     *           ],
                     *           "count": 1,
                     *           "given": [
                     *             "person:ada@ops.example"
                     *           ],
                     *           "missing": 0,
                     *           "window": null,
                     *           "form": null
                     *         }
                     *       ],
                     *       "wanted": "",
                     *       "approvals": [
                     *         {
                     *           "by": "person:ada@ops.example",
                     *           "role": "owner",
                     *           "verdict": "approve",
                     *           "reason": "Checked on staging.",
                     *           "breakGlass": false,
                     *           "at": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ],
                     *       "glassBrokenBy": [],
                     *       "form": {},
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-21T10:16:22.000Z",
                     *       "startsAt": "2026-11-21T06:16:22.000Z",
                     *       "endedAt": null,
                     *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *       "supersedes": null,
                     *       "supersededBy": null,
                     *       "actions": [
                     *         {
                     *           "action": "approve",
                     *           "allowed": false,
                     *           "why": "The intent runs already."
                     *         },
                     *         {
                     *           "action": "reject",
                     *           "allowed": false,
                     *           "why": "The intent runs already."
                     *         },
                     *         {
                     *           "action": "withdraw",
                     *           "allowed": false,
                     *           "why": "The intent runs already."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        intentId: string;
                        shortId: string;
                        intent: string;
                        title: string;
                        /** @enum {string} */
                        status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                        word: string;
                        reason: string;
                        claimed: {
                            [key: string]: unknown;
                        };
                        target: {
                            [key: string]: unknown;
                        };
                        inputs: {
                            [key: string]: unknown;
                        };
                        planDigest: string;
                        source: {
                            /** @enum {string} */
                            kind: "file" | "inline" | "run";
                            name: string;
                        };
                        proposer: {
                            by: string;
                            kind: string;
                            agent: string | null;
                            role: string | null;
                            client: string | null;
                        };
                        decision: {
                            /** @enum {string} */
                            effect: "allow" | "deny" | "needs_approval";
                            reason: string | null;
                            policies: string[];
                            policyDigest: string;
                        };
                        rules: {
                            policy: string;
                            reason: string;
                            roles: string[];
                            count: number;
                            given: string[];
                            missing: number;
                            window: string | null;
                            form: string | null;
                        }[];
                        wanted: string;
                        approvals: {
                            by: string;
                            role: string | null;
                            /** @enum {string} */
                            verdict: "approve" | "reject";
                            reason: string;
                            breakGlass: boolean;
                            at: string;
                        }[];
                        glassBrokenBy: string[];
                        form: {
                            [key: string]: unknown;
                        };
                        createdAt: string;
                        expiresAt: string | null;
                        startsAt: string | null;
                        endedAt: string | null;
                        runId: string | null;
                        supersedes: string | null;
                        supersededBy: string | null;
                        actions: {
                            /** @enum {string} */
                            action: "approve" | "reject" | "withdraw";
                            allowed: boolean;
                            why: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "intents.reject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05 */
                intent: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Not on a Friday."
                 *     }
                 */
                "application/json": {
                    /** @description Why; whoever asked reads it. */
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
                     *       "intentId": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *       "shortId": "2e7f1a05",
                     *       "intent": "deploy",
                     *       "title": "Deploy the shop",
                     *       "status": "rejected",
                     *       "word": "person:ada@ops.example: Not on a Friday.",
                     *       "reason": "The fix of the checkout is in.",
                     *       "claimed": {
                     *         "target": "production"
                     *       },
                     *       "target": {
                     *         "environment": "production",
                     *         "app": "shop"
                     *       },
                     *       "inputs": {
                     *         "ref": "v1.4.2"
                     *       },
                     *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "source": {
                     *         "kind": "file",
                     *         "name": "ops/deploy.yaml"
                     *       },
                     *       "proposer": {
                     *         "by": "key:gpt",
                     *         "kind": "agent",
                     *         "agent": "gpt",
                     *         "role": null,
                     *         "client": null
                     *       },
                     *       "decision": {
                     *         "effect": "needs_approval",
                     *         "reason": null,
                     *         "policies": [
                     *           "production-approved"
                     *         ],
                     *         "policyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "rules": [
                     *         {
                     *           "policy": "production-approved",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "roles": [
                     *             "approver",
                     *             "owner"
                     *           ],
                     *           "count": 1,
                     *           "given": [],
                     *           "missing": 1,
                     *           "window": null,
                     *           "form": null
                     *         }
                     *       ],
                     *       "wanted": "",
                     *       "approvals": [
                     *         {
                     *           "by": "person:ada@ops.example",
                     *           "role": "owner",
                     *           "verdict": "reject",
                     *           "reason": "Not on a Friday.",
                     *           "breakGlass": false,
                     *           "at": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ],
                     *       "glassBrokenBy": [],
                     *       "form": {},
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-21T10:16:22.000Z",
                     *       "startsAt": null,
                     *       "endedAt": "2026-11-21T06:16:22.000Z",
                     *       "runId": null,
                     *       "supersedes": null,
                     *       "supersededBy": null,
                     *       "actions": [
                     *         {
                     *           "action": "approve",
                     *           "allowed": false,
                     *           "why": "The intent was rejected: person:ada@ops.example: Not on a Friday.."
                     *         },
                     *         {
                     *           "action": "reject",
                     *           "allowed": false,
                     *           "why": "The intent was rejected: person:ada@ops.example: Not on a Friday.."
                     *         },
                     *         {
                     *           "action": "withdraw",
                     *           "allowed": false,
                     *           "why": "The intent was rejected: person:ada@ops.example: Not on a Friday.."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        intentId: string;
                        shortId: string;
                        intent: string;
                        title: string;
                        /** @enum {string} */
                        status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                        word: string;
                        reason: string;
                        claimed: {
                            [key: string]: unknown;
                        };
                        target: {
                            [key: string]: unknown;
                        };
                        inputs: {
                            [key: string]: unknown;
                        };
                        planDigest: string;
                        source: {
                            /** @enum {string} */
                            kind: "file" | "inline" | "run";
                            name: string;
                        };
                        proposer: {
                            by: string;
                            kind: string;
                            agent: string | null;
                            role: string | null;
                            client: string | null;
                        };
                        decision: {
                            /** @enum {string} */
                            effect: "allow" | "deny" | "needs_approval";
                            reason: string | null;
                            policies: string[];
                            policyDigest: string;
                        };
                        rules: {
                            policy: string;
                            reason: string;
                            roles: string[];
                            count: number;
                            given: string[];
                            missing: number;
                            window: string | null;
                            form: string | null;
                        }[];
                        wanted: string;
                        approvals: {
                            by: string;
                            role: string | null;
                            /** @enum {string} */
                            verdict: "approve" | "reject";
                            reason: string;
                            breakGlass: boolean;
                            at: string;
                        }[];
                        glassBrokenBy: string[];
                        form: {
                            [key: string]: unknown;
                        };
                        createdAt: string;
                        expiresAt: string | null;
                        startsAt: string | null;
                        endedAt: string | null;
                        runId: string | null;
                        supersedes: string | null;
                        supersededBy: string | null;
                        actions: {
                            /** @enum {string} */
                            action: "approve" | "reject" | "withdraw";
                            allowed: boolean;
                            why: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "intents.withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05 */
                intent: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "A newer fix comes."
                 *     }
                 */
                "application/json": {
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
                     *       "intentId": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *       "shortId": "2e7f1a05",
                     *       "intent": "deploy",
                     *       "title": "Deploy the shop",
                     *       "status": "withdrawn",
                     *       "word": "A newer fix comes.",
                     *       "reason": "The fix of the checkout is in.",
                     *       "claimed": {
                     *         "target": "production"
                     *       },
                     *       "target": {
                     *         "environment": "production",
                     *         "app": "shop"
                     *       },
                     *       "inputs": {
                     *         "ref": "v1.4.2"
                     *       },
                     *       "planDigest": "sha256:9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "source": {
                     *         "kind": "file",
                     *         "name": "ops/deploy.yaml"
                     *       },
                     *       "proposer": {
                     *         "by": "key:gpt",
                     *         "kind": "agent",
                     *         "agent": "gpt",
                     *         "role": null,
                     *         "client": null
                     *       },
                     *       "decision": {
                     *         "effect": "needs_approval",
                     *         "reason": null,
                     *         "policies": [
                     *           "production-approved"
                     *         ],
                     *         "policyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "rules": [
                     *         {
                     *           "policy": "production-approved",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "roles": [
                     *             "approver",
                     *             "owner"
                     *           ],
                     *           "count": 1,
                     *           "given": [],
                     *           "missing": 1,
                     *           "window": null,
                     *           "form": null
                     *         }
                     *       ],
                     *       "wanted": "",
                     *       "approvals": [],
                     *       "glassBrokenBy": [],
                     *       "form": {},
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-21T10:16:22.000Z",
                     *       "startsAt": null,
                     *       "endedAt": "2026-11-21T06:16:22.000Z",
                     *       "runId": null,
                     *       "supersedes": null,
                     *       "supersededBy": null,
                     *       "actions": [
                     *         {
                     *           "action": "approve",
                     *           "allowed": false,
                     *           "why": "The intent was withdrawn: A newer fix comes.."
                     *         },
                     *         {
                     *           "action": "reject",
                     *           "allowed": false,
                     *           "why": "The intent was withdrawn: A newer fix comes.."
                     *         },
                     *         {
                     *           "action": "withdraw",
                     *           "allowed": false,
                     *           "why": "The intent was withdrawn: A newer fix comes.."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        intentId: string;
                        shortId: string;
                        intent: string;
                        title: string;
                        /** @enum {string} */
                        status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                        word: string;
                        reason: string;
                        claimed: {
                            [key: string]: unknown;
                        };
                        target: {
                            [key: string]: unknown;
                        };
                        inputs: {
                            [key: string]: unknown;
                        };
                        planDigest: string;
                        source: {
                            /** @enum {string} */
                            kind: "file" | "inline" | "run";
                            name: string;
                        };
                        proposer: {
                            by: string;
                            kind: string;
                            agent: string | null;
                            role: string | null;
                            client: string | null;
                        };
                        decision: {
                            /** @enum {string} */
                            effect: "allow" | "deny" | "needs_approval";
                            reason: string | null;
                            policies: string[];
                            policyDigest: string;
                        };
                        rules: {
                            policy: string;
                            reason: string;
                            roles: string[];
                            count: number;
                            given: string[];
                            missing: number;
                            window: string | null;
                            form: string | null;
                        }[];
                        wanted: string;
                        approvals: {
                            by: string;
                            role: string | null;
                            /** @enum {string} */
                            verdict: "approve" | "reject";
                            reason: string;
                            breakGlass: boolean;
                            at: string;
                        }[];
                        glassBrokenBy: string[];
                        form: {
                            [key: string]: unknown;
                        };
                        createdAt: string;
                        expiresAt: string | null;
                        startsAt: string | null;
                        endedAt: string | null;
                        runId: string | null;
                        supersedes: string | null;
                        supersededBy: string | null;
                        actions: {
                            /** @enum {string} */
                            action: "approve" | "reject" | "withdraw";
                            allowed: boolean;
                            why: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.intents": {
        parameters: {
            query?: {
                status?: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                /** @example 5 */
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
                     *       "intents": [
                     *         {
                     *           "id": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *           "intent": "deploy",
                     *           "target": "production",
                     *           "initiator": "gpt",
                     *           "approved": false,
                     *           "status": "waiting",
                     *           "message": "It waits for 1 of approver, owner (production-approved: Production changes only after an approver or owner agreed who did not ask for it.)",
                     *           "approvedBy": [],
                     *           "glassBrokenBy": [],
                     *           "runId": null,
                     *           "createdAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        intents: {
                            id: string;
                            intent: string;
                            target: string;
                            initiator: string;
                            approved: boolean;
                            /** @enum {string} */
                            status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                            message: string;
                            approvedBy: string[];
                            glassBrokenBy: string[];
                            runId: string | null;
                            createdAt: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.propose": {
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
                 *       "intent": "deploy",
                 *       "target": "production",
                 *       "initiator": "gpt",
                 *       "approved": false
                 *     }
                 */
                "application/json": {
                    /** @description What is wanted: `deploy`. The room knows a plan by this name. */
                    intent: string;
                    /** @description Where: `staging`. */
                    target?: string;
                    /** @description Kept as a word. Who asks is known by the key. */
                    initiator?: string;
                    /** @description Kept as a word. Only people approve, and not here. */
                    approved?: boolean;
                    /** @description Inputs of the plan, by name. */
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /** @description Why; those who decide read it. */
                    reason?: string;
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
                     *       "id": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *       "intent": "deploy",
                     *       "target": "production",
                     *       "initiator": "gpt",
                     *       "approved": false,
                     *       "status": "waiting",
                     *       "message": "It waits for 1 of approver, owner (production-approved: Production changes only after an approver or owner agreed who did not ask for it.)",
                     *       "approvedBy": [],
                     *       "glassBrokenBy": [],
                     *       "runId": null,
                     *       "createdAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        intent: string;
                        target: string;
                        initiator: string;
                        approved: boolean;
                        /** @enum {string} */
                        status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                        message: string;
                        approvedBy: string[];
                        glassBrokenBy: string[];
                        runId: string | null;
                        createdAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.intent": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05 */
                id: string;
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
                     *       "id": "019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05",
                     *       "intent": "deploy",
                     *       "target": "production",
                     *       "initiator": "gpt",
                     *       "approved": false,
                     *       "status": "waiting",
                     *       "message": "It waits for 1 of approver, owner (production-approved: Production changes only after an approver or owner agreed who did not ask for it.)",
                     *       "approvedBy": [],
                     *       "glassBrokenBy": [],
                     *       "runId": null,
                     *       "createdAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        intent: string;
                        target: string;
                        initiator: string;
                        approved: boolean;
                        /** @enum {string} */
                        status: "waiting" | "approved" | "running" | "succeeded" | "failed" | "rolled_back" | "cancelled" | "denied" | "rejected" | "expired" | "withdrawn" | "superseded" | "void";
                        message: string;
                        approvedBy: string[];
                        glassBrokenBy: string[];
                        runId: string | null;
                        createdAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "dashboard.read": {
        parameters: {
            query?: {
                /** @example 7d */
                window?: "24h" | "7d" | "30d";
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
                     *       "window": "7d",
                     *       "from": "2026-11-14T06:16:22.000Z",
                     *       "to": "2026-11-21T06:16:22.000Z",
                     *       "figures": [
                     *         {
                     *           "name": "runSuccess",
                     *           "value": 0.94,
                     *           "of": 50,
                     *           "enough": 10,
                     *           "target": {
                     *             "over": 0.9
                     *           },
                     *           "met": true
                     *         }
                     *       ],
                     *       "runs": {
                     *         "succeeded": 47,
                     *         "failed": 2,
                     *         "rolledBack": 1,
                     *         "asked": 3
                     *       },
                     *       "queue": {
                     *         "runs": 53,
                     *         "p50Ms": 40,
                     *         "p95Ms": 1900
                     *       },
                     *       "verdicts": {
                     *         "total": 120,
                     *         "passed": 118
                     *       },
                     *       "uptime": {
                     *         "upMinutes": 10000,
                     *         "downMinutes": 2,
                     *         "stoppedMinutes": 78
                     *       },
                     *       "tools": [
                     *         {
                     *           "tool": "shell",
                     *           "calls": 90,
                     *           "failed": 2,
                     *           "unavailable": 0,
                     *           "p50Ms": 800,
                     *           "p95Ms": 31000
                     *         }
                     *       ],
                     *       "slices": [
                     *         {
                     *           "from": "2026-11-14T06:16:22.000Z",
                     *           "succeeded": 2,
                     *           "failed": 0,
                     *           "rolledBack": 0,
                     *           "asked": 0,
                     *           "durationP50Ms": 61000,
                     *           "durationP95Ms": 92000,
                     *           "queueP50Ms": 38
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        window: "24h" | "7d" | "30d";
                        from: string;
                        to: string;
                        figures: {
                            /** @enum {string} */
                            name: "uptime" | "runSuccess" | "runMedianMs" | "runP95Ms" | "toolAvailability" | "verifierPass";
                            value: number | null;
                            of: number;
                            enough: number;
                            target: {
                                over: number;
                            } | {
                                under: number;
                            };
                            met: boolean | null;
                        }[];
                        runs: {
                            succeeded: number;
                            failed: number;
                            rolledBack: number;
                            asked: number;
                        };
                        queue: {
                            runs: number;
                            p50Ms: number | null;
                            p95Ms: number | null;
                        };
                        verdicts: {
                            total: number;
                            passed: number;
                        };
                        uptime: {
                            upMinutes: number;
                            downMinutes: number;
                            stoppedMinutes: number;
                        };
                        tools: {
                            tool: string;
                            calls: number;
                            failed: number;
                            unavailable: number;
                            p50Ms: number;
                            p95Ms: number;
                        }[];
                        slices: {
                            from: string;
                            succeeded: number;
                            failed: number;
                            rolledBack: number;
                            asked: number;
                            durationP50Ms: number | null;
                            durationP95Ms: number | null;
                            queueP50Ms: number | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "audit.list": {
        parameters: {
            query?: {
                /** @example call. */
                kind?: string;
                actor?: string;
                since?: string;
                until?: string;
                refused?: boolean;
                before?: number;
                /** @example 50 */
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
                     *       "entries": [
                     *         {
                     *           "seq": 41,
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "source": "room",
                     *           "kind": "call.runs.start",
                     *           "actor": "key:gpt",
                     *           "operation": "runs.start",
                     *           "outcome": "ok",
                     *           "data": {
                     *             "operation": "runs.start",
                     *             "who": {
                     *               "kind": "agent",
                     *               "agent": "gpt",
                     *               "key": "019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31"
                     *             },
                     *             "from": {
                     *               "door": "http",
                     *               "address": "127.0.0.1"
                     *             },
                     *             "subjects": {
                     *               "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20"
                     *             },
                     *             "outcome": "ok",
                     *             "ms": 12.4,
                     *             "input": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *           },
                     *           "leaf": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *         }
                     *       ],
                     *       "next": 41,
                     *       "size": 42
                     *     }
                     */
                    "application/json": {
                        entries: {
                            seq: number;
                            at: string;
                            /** @enum {string} */
                            source: "room" | "external";
                            kind: string;
                            actor: string;
                            operation: string | null;
                            outcome: string | null;
                            data: {
                                [key: string]: unknown;
                            };
                            leaf: string;
                        }[];
                        next: number | null;
                        size: number;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "audit.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 41 */
                seq: number;
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
                     *       "entry": {
                     *         "seq": 41,
                     *         "at": "2026-11-21T06:16:22.000Z",
                     *         "source": "room",
                     *         "kind": "call.runs.start",
                     *         "actor": "key:gpt",
                     *         "operation": "runs.start",
                     *         "outcome": "ok",
                     *         "data": {
                     *           "operation": "runs.start",
                     *           "who": {
                     *             "kind": "agent",
                     *             "agent": "gpt",
                     *             "key": "019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31"
                     *           },
                     *           "from": {
                     *             "door": "http",
                     *             "address": "127.0.0.1"
                     *           },
                     *           "subjects": {
                     *             "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20"
                     *           },
                     *           "outcome": "ok",
                     *           "ms": 12.4,
                     *           "input": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *         },
                     *         "leaf": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "proof": {
                     *         "entry": {
                     *           "org": "00000000-0000-7000-8000-000000000001",
                     *           "seq": 41,
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "kind": "call.runs.start",
                     *           "actor": "key:gpt",
                     *           "data": {
                     *             "operation": "runs.start",
                     *             "who": {
                     *               "kind": "agent",
                     *               "agent": "gpt",
                     *               "key": "019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31"
                     *             },
                     *             "from": {
                     *               "door": "http",
                     *               "address": "127.0.0.1"
                     *             },
                     *             "subjects": {
                     *               "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20"
                     *             },
                     *             "outcome": "ok",
                     *             "ms": 12.4,
                     *             "input": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *           }
                     *         },
                     *         "index": 41,
                     *         "size": 42,
                     *         "path": [
                     *           "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *         ],
                     *         "treeHead": {
                     *           "payloadType": "application/vnd.opsroom.tree-head+json",
                     *           "payload": "e30=",
                     *           "signatures": [
                     *             {
                     *               "keyid": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *               "sig": "AA=="
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "publicKey": "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n"
                     *     }
                     */
                    "application/json": {
                        entry: {
                            seq: number;
                            at: string;
                            /** @enum {string} */
                            source: "room" | "external";
                            kind: string;
                            actor: string;
                            operation: string | null;
                            outcome: string | null;
                            data: {
                                [key: string]: unknown;
                            };
                            leaf: string;
                        };
                        proof: {
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
                        publicKey: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "audit.head": {
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
                     *       "size": 42,
                     *       "root": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "at": "2026-11-21T06:16:22.000Z",
                     *       "envelope": {
                     *         "payloadType": "application/vnd.opsroom.tree-head+json",
                     *         "payload": "e30=",
                     *         "signatures": [
                     *           {
                     *             "keyid": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *             "sig": "AA=="
                     *           }
                     *         ]
                     *       },
                     *       "publicKey": "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n",
                     *       "keyid": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "segments": []
                     *     }
                     */
                    "application/json": {
                        size: number;
                        root: string;
                        at: string;
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
                        keyid: string;
                        segments: {
                            from: number;
                            to: number;
                            file: string;
                            by: string;
                            at: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "audit.consistency": {
        parameters: {
            query: {
                /** @example 40 */
                first: number;
                /** @example 42 */
                second?: number;
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
                     *       "first": 40,
                     *       "firstRoot": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "second": 42,
                     *       "secondRoot": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "path": [
                     *         "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        first: number;
                        firstRoot: string;
                        second: number;
                        secondRoot: string;
                        path: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.status": {
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
                     *       "status": "ok",
                     *       "at": "2026-11-21T06:16:22.000Z",
                     *       "version": "0.1.0",
                     *       "checks": [
                     *         {
                     *           "name": "workers",
                     *           "ok": true,
                     *           "what": "1 at work"
                     *         }
                     *       ],
                     *       "runs": {
                     *         "running": 1,
                     *         "queued": 0,
                     *         "waiting": 0,
                     *         "needPerson": 0,
                     *         "failedLastHour": 0
                     *       },
                     *       "workers": {
                     *         "working": 1,
                     *         "silent": 0
                     *       },
                     *       "errors": []
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        status: "ok" | "attention" | "error";
                        at: string;
                        version: string;
                        checks: {
                            /** @enum {string} */
                            name: "workers" | "policies" | "runs" | "queue" | "people";
                            ok: boolean;
                            what: string;
                        }[];
                        runs: {
                            running: number;
                            queued: number;
                            waiting: number;
                            needPerson: number;
                            failedLastHour: number;
                        };
                        workers: {
                            working: number;
                            silent: number;
                        };
                        errors: {
                            at: string | null;
                            what: string;
                            mend: string | null;
                            runId: string | null;
                            code: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.live": {
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
                     *       "at": "2026-11-21T06:16:22.000Z",
                     *       "running": [
                     *         {
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "title": "Say hello",
                     *           "status": "running",
                     *           "lane": "B",
                     *           "target": "staging",
                     *           "requestedBy": "key:gpt",
                     *           "startedAt": "2026-11-21T06:16:22.000Z",
                     *           "steps": [
                     *             "hello"
                     *           ],
                     *           "progress": {
                     *             "done": 0,
                     *             "total": 1
                     *           },
                     *           "waiting": null
                     *         }
                     *       ],
                     *       "queued": [],
                     *       "waiting": [],
                     *       "events": [
                     *         {
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "title": "Say hello",
                     *           "type": "run.started",
                     *           "step": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        at: string;
                        running: {
                            runId: string;
                            title: string;
                            status: string;
                            lane: string;
                            target: string;
                            requestedBy: string;
                            startedAt: string | null;
                            steps: string[];
                            progress: {
                                done: number;
                                total: number;
                            };
                            waiting: {
                                code: string;
                                what: string;
                                mend: string;
                            } | null;
                        }[];
                        queued: {
                            runId: string;
                            title: string;
                            status: string;
                            lane: string;
                            target: string;
                            requestedBy: string;
                            startedAt: string | null;
                            steps: string[];
                            progress: {
                                done: number;
                                total: number;
                            };
                            waiting: {
                                code: string;
                                what: string;
                                mend: string;
                            } | null;
                        }[];
                        waiting: {
                            runId: string;
                            title: string;
                            status: string;
                            lane: string;
                            target: string;
                            requestedBy: string;
                            startedAt: string | null;
                            steps: string[];
                            progress: {
                                done: number;
                                total: number;
                            };
                            waiting: {
                                code: string;
                                what: string;
                                mend: string;
                            } | null;
                        }[];
                        events: {
                            at: string;
                            runId: string;
                            title: string;
                            type: string;
                            step: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.metrics": {
        parameters: {
            query?: {
                /** @example 24h */
                window?: "24h" | "7d" | "30d";
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
                     *       "window": "24h",
                     *       "from": "2026-11-20T06:16:22.000Z",
                     *       "to": "2026-11-21T06:16:22.000Z",
                     *       "runs": {
                     *         "succeeded": 38,
                     *         "failed": 2,
                     *         "rolledBack": 0,
                     *         "successRate": 0.95
                     *       },
                     *       "durations": {
                     *         "medianMs": 41000,
                     *         "p95Ms": 180000,
                     *         "queueMedianMs": 12,
                     *         "queueP95Ms": 900
                     *       },
                     *       "verifiers": {
                     *         "total": 112,
                     *         "passed": 110,
                     *         "passRate": 0.98
                     *       },
                     *       "tools": [
                     *         {
                     *           "tool": "shell",
                     *           "calls": 140,
                     *           "failed": 2,
                     *           "p50Ms": 410,
                     *           "p95Ms": 9200
                     *         }
                     *       ],
                     *       "uptime": {
                     *         "rate": 1,
                     *         "upMinutes": 1440,
                     *         "downMinutes": 0
                     *       },
                     *       "missed": []
                     *     }
                     */
                    "application/json": {
                        window: string;
                        from: string;
                        to: string;
                        runs: {
                            succeeded: number;
                            failed: number;
                            rolledBack: number;
                            successRate: number | null;
                        };
                        durations: {
                            medianMs: number | null;
                            p95Ms: number | null;
                            queueMedianMs: number | null;
                            queueP95Ms: number | null;
                        };
                        verifiers: {
                            total: number;
                            passed: number;
                            passRate: number | null;
                        };
                        tools: {
                            tool: string;
                            calls: number;
                            failed: number;
                            p50Ms: number;
                            p95Ms: number;
                        }[];
                        uptime: {
                            rate: number | null;
                            upMinutes: number;
                            downMinutes: number;
                        };
                        missed: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.audit": {
        parameters: {
            query?: {
                /** @example external: */
                event?: string;
                actor?: string;
                before?: number;
                /** @example 50 */
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
                     *       "entries": [
                     *         {
                     *           "seq": 42,
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "source": "external",
                     *           "event": "external:gpt/hourly_health",
                     *           "actor": "key:gpt",
                     *           "outcome": null,
                     *           "data": {
                     *             "note": {
                     *               "disk": "ok"
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        entries: {
                            seq: number;
                            at: string;
                            /** @enum {string} */
                            source: "room" | "external";
                            event: string;
                            actor: string;
                            outcome: string | null;
                            data: {
                                [key: string]: unknown;
                            };
                        }[];
                        next: number | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "audit.note": {
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
                 *       "event": "hourly_health",
                 *       "data": {
                 *         "disk": "ok"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description What happened: `hourly_health`. */
                    event: string;
                    /**
                     * @description Anything, at most 8192 bytes of JSON.
                     * @default {}
                     */
                    data?: {
                        [key: string]: unknown;
                    };
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
                     *       "seq": 42,
                     *       "at": "2026-11-21T06:16:22.000Z",
                     *       "event": "external:gpt/hourly_health",
                     *       "actor": "key:gpt",
                     *       "leaf": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *     }
                     */
                    "application/json": {
                        seq: number;
                        at: string;
                        event: string;
                        actor: string;
                        leaf: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ai.testOpenai": {
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
                     *       "ok": false,
                     *       "configured": false,
                     *       "provider": null,
                     *       "model": null,
                     *       "latencyMs": null,
                     *       "what": "No language model is configured (OPSROOM_MODEL)."
                     *     }
                     */
                    "application/json": {
                        ok: boolean;
                        configured: boolean;
                        provider: string | null;
                        model: string | null;
                        latencyMs: number | null;
                        what: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "sessions.list": {
        parameters: {
            query?: {
                /** @example no */
                archived?: "no" | "only" | "all";
                text?: string;
                /** @example 20 */
                limit?: number;
                cursor?: string;
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
                     *       "sessions": [
                     *         {
                     *           "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *           "name": "Move the shop",
                     *           "intent": "The shop runs on the new host, without an hour of downtime.",
                     *           "createdBy": "user:ada@build-1",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "archivedAt": null,
                     *           "archivedBy": null,
                     *           "allowedTools": null,
                     *           "runs": {
                     *             "total": 3,
                     *             "more": false,
                     *             "open": 1,
                     *             "failed": 0
                     *           },
                     *           "lastRunAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        sessions: {
                            sessionId: string;
                            name: string;
                            intent: string;
                            createdBy: string;
                            createdAt: string;
                            archivedAt: string | null;
                            archivedBy: string | null;
                            allowedTools: string[] | null;
                            runs: {
                                total: number;
                                more: boolean;
                                open: number;
                                failed: number;
                            };
                            lastRunAt: string | null;
                        }[];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "sessions.create": {
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
                 *       "name": "Move the shop",
                 *       "intent": "The shop runs on the new host, without an hour of downtime.",
                 *       "tools": null
                 *     }
                 */
                "application/json": {
                    name: string;
                    /**
                     * @description What it is for.
                     * @default
                     */
                    intent?: string;
                    /**
                     * @description What its runs may call. Null: whatever the room has.
                     * @default null
                     */
                    tools?: string[] | null;
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
                     *       "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *       "name": "Move the shop",
                     *       "intent": "The shop runs on the new host, without an hour of downtime.",
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "archivedAt": null,
                     *       "archivedBy": null,
                     *       "allowedTools": null,
                     *       "runs": {
                     *         "total": 3,
                     *         "more": false,
                     *         "open": 1,
                     *         "failed": 0
                     *       },
                     *       "lastRunAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        intent: string;
                        createdBy: string;
                        createdAt: string;
                        archivedAt: string | null;
                        archivedBy: string | null;
                        allowedTools: string[] | null;
                        runs: {
                            total: number;
                            more: boolean;
                            open: number;
                            failed: number;
                        };
                        lastRunAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "sessions.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-a117-7b02-8d44-7f3c1e9b6a52 */
                session: string;
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
                     *       "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *       "name": "Move the shop",
                     *       "intent": "The shop runs on the new host, without an hour of downtime.",
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "archivedAt": null,
                     *       "archivedBy": null,
                     *       "allowedTools": null,
                     *       "runs": {
                     *         "total": 3,
                     *         "more": false,
                     *         "open": 1,
                     *         "failed": 0
                     *       },
                     *       "lastRunAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        intent: string;
                        createdBy: string;
                        createdAt: string;
                        archivedAt: string | null;
                        archivedBy: string | null;
                        allowedTools: string[] | null;
                        runs: {
                            total: number;
                            more: boolean;
                            open: number;
                            failed: number;
                        };
                        lastRunAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "sessions.rename": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-a117-7b02-8d44-7f3c1e9b6a52 */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "Move the shop"
                 *     }
                 */
                "application/json": {
                    name?: string;
                    intent?: string;
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
                     *       "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *       "name": "Move the shop",
                     *       "intent": "The shop runs on the new host, without an hour of downtime.",
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "archivedAt": null,
                     *       "archivedBy": null,
                     *       "allowedTools": null,
                     *       "runs": {
                     *         "total": 3,
                     *         "more": false,
                     *         "open": 1,
                     *         "failed": 0
                     *       },
                     *       "lastRunAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        intent: string;
                        createdBy: string;
                        createdAt: string;
                        archivedAt: string | null;
                        archivedBy: string | null;
                        allowedTools: string[] | null;
                        runs: {
                            total: number;
                            more: boolean;
                            open: number;
                            failed: number;
                        };
                        lastRunAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "sessions.allow": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-a117-7b02-8d44-7f3c1e9b6a52 */
                session: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tools": [
                 *         "shell",
                 *         "mcp:github:*"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Null: whatever the room has. */
                    tools: string[] | null;
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
                     *       "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *       "name": "Move the shop",
                     *       "intent": "The shop runs on the new host, without an hour of downtime.",
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "archivedAt": null,
                     *       "archivedBy": null,
                     *       "allowedTools": null,
                     *       "runs": {
                     *         "total": 3,
                     *         "more": false,
                     *         "open": 1,
                     *         "failed": 0
                     *       },
                     *       "lastRunAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        intent: string;
                        createdBy: string;
                        createdAt: string;
                        archivedAt: string | null;
                        archivedBy: string | null;
                        allowedTools: string[] | null;
                        runs: {
                            total: number;
                            more: boolean;
                            open: number;
                            failed: number;
                        };
                        lastRunAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "sessions.archive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-a117-7b02-8d44-7f3c1e9b6a52 */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *       "name": "Move the shop",
                     *       "intent": "The shop runs on the new host, without an hour of downtime.",
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "archivedAt": "2026-11-21T06:16:22.000Z",
                     *       "archivedBy": "user:ada@build-1",
                     *       "allowedTools": null,
                     *       "runs": {
                     *         "total": 3,
                     *         "more": false,
                     *         "open": 1,
                     *         "failed": 0
                     *       },
                     *       "lastRunAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        intent: string;
                        createdBy: string;
                        createdAt: string;
                        archivedAt: string | null;
                        archivedBy: string | null;
                        allowedTools: string[] | null;
                        runs: {
                            total: number;
                            more: boolean;
                            open: number;
                            failed: number;
                        };
                        lastRunAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "sessions.unarchive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-a117-7b02-8d44-7f3c1e9b6a52 */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "sessionId": "019ab3c0-a117-7b02-8d44-7f3c1e9b6a52",
                     *       "name": "Move the shop",
                     *       "intent": "The shop runs on the new host, without an hour of downtime.",
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "archivedAt": null,
                     *       "archivedBy": null,
                     *       "allowedTools": null,
                     *       "runs": {
                     *         "total": 3,
                     *         "more": false,
                     *         "open": 1,
                     *         "failed": 0
                     *       },
                     *       "lastRunAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        intent: string;
                        createdBy: string;
                        createdAt: string;
                        archivedAt: string | null;
                        archivedBy: string | null;
                        allowedTools: string[] | null;
                        runs: {
                            total: number;
                            more: boolean;
                            open: number;
                            failed: number;
                        };
                        lastRunAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "views.list": {
        parameters: {
            query?: {
                /** @example true */
                counts?: boolean;
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
                     *       "builtIn": [
                     *         {
                     *           "viewId": "all",
                     *           "name": "All",
                     *           "filter": {},
                     *           "runs": {
                     *             "count": 1000,
                     *             "more": true
                     *           }
                     *         }
                     *       ],
                     *       "saved": [
                     *         {
                     *           "viewId": "019ab3c0-b2c9-7d31-9e05-3a8f5d0c4b17",
                     *           "name": "My failures",
                     *           "shared": false,
                     *           "filter": {
                     *             "status": [
                     *               "failed"
                     *             ],
                     *             "requestedBy": [
                     *               "me"
                     *             ]
                     *           },
                     *           "createdBy": "user:ada@build-1",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "runs": {
                     *             "count": 3,
                     *             "more": false
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        builtIn: {
                            viewId: string;
                            name: string;
                            filter: {
                                /** @description Any of these. */
                                status?: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled")[];
                                /** @description Any of these. */
                                lane?: ("A" | "B" | "C" | "D")[];
                                /** @description The session, by its id or its name. */
                                session?: string;
                                /** @description At least eight hexadecimal digits with which the digest of the plan begins, or part of its title. */
                                plan?: string;
                                /** @description Part of the title in any case, or of the id. */
                                text?: string;
                                /** @description Any of these principals; `me` is whoever asks. */
                                requestedBy?: string[];
                                /** @description All of these of its target, each as `environment=staging`. */
                                target?: string[];
                                /**
                                 * Format: date-time
                                 * @description Created at this time or later.
                                 */
                                from?: string;
                                /**
                                 * Format: date-time
                                 * @description Created before this time.
                                 */
                                to?: string;
                                /** @description Created within the last `30m`, `24h`, `7d`. */
                                within?: string;
                                /**
                                 * @description Archived ones: `no` (when not given), `only`, or `all` for both.
                                 * @enum {string}
                                 */
                                archived?: "no" | "only" | "all";
                                /** @description Only what waits for a person, as the Runboard shows it, also where the run goes on beside that; and what a rollback left undone, until it is archived; not what waits for a time, or was paused. */
                                needsPerson?: boolean;
                            };
                            runs: {
                                count: number;
                                more: boolean;
                            } | null;
                        }[];
                        saved: {
                            viewId: string;
                            name: string;
                            shared: boolean;
                            filter: {
                                /** @description Any of these. */
                                status?: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled")[];
                                /** @description Any of these. */
                                lane?: ("A" | "B" | "C" | "D")[];
                                /** @description The session, by its id or its name. */
                                session?: string;
                                /** @description At least eight hexadecimal digits with which the digest of the plan begins, or part of its title. */
                                plan?: string;
                                /** @description Part of the title in any case, or of the id. */
                                text?: string;
                                /** @description Any of these principals; `me` is whoever asks. */
                                requestedBy?: string[];
                                /** @description All of these of its target, each as `environment=staging`. */
                                target?: string[];
                                /**
                                 * Format: date-time
                                 * @description Created at this time or later.
                                 */
                                from?: string;
                                /**
                                 * Format: date-time
                                 * @description Created before this time.
                                 */
                                to?: string;
                                /** @description Created within the last `30m`, `24h`, `7d`. */
                                within?: string;
                                /**
                                 * @description Archived ones: `no` (when not given), `only`, or `all` for both.
                                 * @enum {string}
                                 */
                                archived?: "no" | "only" | "all";
                                /** @description Only what waits for a person, as the Runboard shows it, also where the run goes on beside that; and what a rollback left undone, until it is archived; not what waits for a time, or was paused. */
                                needsPerson?: boolean;
                            };
                            createdBy: string;
                            createdAt: string;
                            runs: {
                                count: number;
                                more: boolean;
                            } | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "views.create": {
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
                 *       "name": "My failures",
                 *       "filter": {
                 *         "status": [
                 *           "failed"
                 *         ],
                 *         "requestedBy": [
                 *           "me"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    name: string;
                    filter: {
                        /** @description Any of these. */
                        status?: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled")[];
                        /** @description Any of these. */
                        lane?: ("A" | "B" | "C" | "D")[];
                        /** @description The session, by its id or its name. */
                        session?: string;
                        /** @description At least eight hexadecimal digits with which the digest of the plan begins, or part of its title. */
                        plan?: string;
                        /** @description Part of the title in any case, or of the id. */
                        text?: string;
                        /** @description Any of these principals; `me` is whoever asks. */
                        requestedBy?: string[];
                        /** @description All of these of its target, each as `environment=staging`. */
                        target?: string[];
                        /**
                         * Format: date-time
                         * @description Created at this time or later.
                         */
                        from?: string;
                        /**
                         * Format: date-time
                         * @description Created before this time.
                         */
                        to?: string;
                        /** @description Created within the last `30m`, `24h`, `7d`. */
                        within?: string;
                        /**
                         * @description Archived ones: `no` (when not given), `only`, or `all` for both.
                         * @enum {string}
                         */
                        archived?: "no" | "only" | "all";
                        /** @description Only what waits for a person, as the Runboard shows it, also where the run goes on beside that; and what a rollback left undone, until it is archived; not what waits for a time, or was paused. */
                        needsPerson?: boolean;
                    };
                    /** @default false */
                    shared?: boolean;
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
                     *       "viewId": "019ab3c0-b2c9-7d31-9e05-3a8f5d0c4b17",
                     *       "name": "My failures",
                     *       "shared": false,
                     *       "filter": {
                     *         "status": [
                     *           "failed"
                     *         ],
                     *         "requestedBy": [
                     *           "me"
                     *         ]
                     *       },
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        viewId: string;
                        name: string;
                        shared: boolean;
                        filter: {
                            /** @description Any of these. */
                            status?: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled")[];
                            /** @description Any of these. */
                            lane?: ("A" | "B" | "C" | "D")[];
                            /** @description The session, by its id or its name. */
                            session?: string;
                            /** @description At least eight hexadecimal digits with which the digest of the plan begins, or part of its title. */
                            plan?: string;
                            /** @description Part of the title in any case, or of the id. */
                            text?: string;
                            /** @description Any of these principals; `me` is whoever asks. */
                            requestedBy?: string[];
                            /** @description All of these of its target, each as `environment=staging`. */
                            target?: string[];
                            /**
                             * Format: date-time
                             * @description Created at this time or later.
                             */
                            from?: string;
                            /**
                             * Format: date-time
                             * @description Created before this time.
                             */
                            to?: string;
                            /** @description Created within the last `30m`, `24h`, `7d`. */
                            within?: string;
                            /**
                             * @description Archived ones: `no` (when not given), `only`, or `all` for both.
                             * @enum {string}
                             */
                            archived?: "no" | "only" | "all";
                            /** @description Only what waits for a person, as the Runboard shows it, also where the run goes on beside that; and what a rollback left undone, until it is archived; not what waits for a time, or was paused. */
                            needsPerson?: boolean;
                        };
                        createdBy: string;
                        createdAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "views.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example My failures */
                view: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "viewId": "019ab3c0-b2c9-7d31-9e05-3a8f5d0c4b17",
                     *       "name": "My failures",
                     *       "shared": false,
                     *       "filter": {
                     *         "status": [
                     *           "failed"
                     *         ],
                     *         "requestedBy": [
                     *           "me"
                     *         ]
                     *       },
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        viewId: string;
                        name: string;
                        shared: boolean;
                        filter: {
                            /** @description Any of these. */
                            status?: ("queued" | "released" | "running" | "waiting" | "pausing" | "paused" | "succeeded" | "failed" | "rolled_back" | "cancelled")[];
                            /** @description Any of these. */
                            lane?: ("A" | "B" | "C" | "D")[];
                            /** @description The session, by its id or its name. */
                            session?: string;
                            /** @description At least eight hexadecimal digits with which the digest of the plan begins, or part of its title. */
                            plan?: string;
                            /** @description Part of the title in any case, or of the id. */
                            text?: string;
                            /** @description Any of these principals; `me` is whoever asks. */
                            requestedBy?: string[];
                            /** @description All of these of its target, each as `environment=staging`. */
                            target?: string[];
                            /**
                             * Format: date-time
                             * @description Created at this time or later.
                             */
                            from?: string;
                            /**
                             * Format: date-time
                             * @description Created before this time.
                             */
                            to?: string;
                            /** @description Created within the last `30m`, `24h`, `7d`. */
                            within?: string;
                            /**
                             * @description Archived ones: `no` (when not given), `only`, or `all` for both.
                             * @enum {string}
                             */
                            archived?: "no" | "only" | "all";
                            /** @description Only what waits for a person, as the Runboard shows it, also where the run goes on beside that; and what a rollback left undone, until it is archived; not what waits for a time, or was paused. */
                            needsPerson?: boolean;
                        };
                        createdBy: string;
                        createdAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "keys.list": {
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
                     *           "agent": null,
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
                    "application/json": {
                        keys: {
                            keyId: string;
                            name: string;
                            hint: string;
                            scopes: ("run:read" | "run:start" | "run:control" | "intent:propose" | "approval:give" | "trigger:manage" | "audit:read" | "audit:write" | "secret:manage" | "room:admin")[];
                            agent: string | null;
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
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "keys.create": {
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
                "application/json": {
                    /** @description Runs and the audit log name whoever uses the key by this. */
                    name: string;
                    /** @description What the key may do. Approving is for people alone. */
                    scopes: ("run:read" | "run:start" | "run:control" | "intent:propose" | "trigger:manage" | "audit:read" | "audit:write" | "secret:manage" | "room:admin")[];
                    /** @description The agent that will use it, such as `gpt`, `cursor` or `claude-code`: policies know it by this. */
                    agent?: string;
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
                     *       "agent": null,
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2027-02-19T06:16:22.000Z",
                     *       "lastUsedAt": null,
                     *       "revokedAt": null,
                     *       "revokedBy": null,
                     *       "key": "opsr_k3Jx9QvJm0bTtq1c8Yk2nUe7WzR5aLdHf4sGoPiXy6E"
                     *     }
                     */
                    "application/json": {
                        keyId: string;
                        name: string;
                        hint: string;
                        scopes: ("run:read" | "run:start" | "run:control" | "intent:propose" | "approval:give" | "trigger:manage" | "audit:read" | "audit:write" | "secret:manage" | "room:admin")[];
                        agent: string | null;
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
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "keys.revoke": {
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
                "application/json": Record<string, never>;
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
                     *       "agent": null,
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2027-02-19T06:16:22.000Z",
                     *       "lastUsedAt": null,
                     *       "revokedAt": "2026-11-21T06:16:22.000Z",
                     *       "revokedBy": "user:ada@build-1"
                     *     }
                     */
                    "application/json": {
                        keyId: string;
                        name: string;
                        hint: string;
                        scopes: ("run:read" | "run:start" | "run:control" | "intent:propose" | "approval:give" | "trigger:manage" | "audit:read" | "audit:write" | "secret:manage" | "room:admin")[];
                        agent: string | null;
                        createdBy: string;
                        createdAt: string;
                        expiresAt: string | null;
                        lastUsedAt: string | null;
                        revokedAt: string | null;
                        revokedBy: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "secrets.list": {
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
                     *       "secrets": [
                     *         {
                     *           "name": "DEPLOY_HOOK",
                     *           "environment": "staging",
                     *           "app": null,
                     *           "hosts": [
                     *             "hooks.example"
                     *           ],
                     *           "version": 2,
                     *           "earlier": [
                     *             1
                     *           ],
                     *           "setBy": "person:ada@ops.example",
                     *           "setAt": "2026-11-21T06:16:22.000Z",
                     *           "firstSetAt": "2026-11-21T06:16:22.000Z",
                     *           "lastUse": {
                     *             "at": "2026-11-21T06:16:22.000Z",
                     *             "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *             "step": "release",
                     *             "version": 2
                     *           }
                     *         }
                     *       ],
                     *       "elsewhere": [
                     *         {
                     *           "name": "GITHUB_TOKEN",
                     *           "source": "environment",
                     *           "hosts": [
                     *             "api.github.com"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        secrets: {
                            name: string;
                            environment: string | null;
                            app: string | null;
                            hosts: string[];
                            version: number;
                            earlier: number[];
                            setBy: string;
                            setAt: string;
                            firstSetAt: string;
                            lastUse: {
                                at: string;
                                runId: string;
                                step: string;
                                version: number;
                            } | null;
                        }[];
                        elsewhere: {
                            name: string;
                            /** @enum {string} */
                            source: "environment" | "file";
                            hosts: string[];
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "secrets.set": {
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
                 *       "name": "DEPLOY_HOOK",
                 *       "environment": "staging",
                 *       "value": "https://hooks.example/d/9f2c4e81",
                 *       "hosts": [
                 *         "hooks.example"
                 *       ],
                 *       "keep": 2
                 *     }
                 */
                "application/json": {
                    /** @description As plans write it: `{{ secrets.NAME }}`. */
                    name: string;
                    /** @description Text of 4 to 65536 characters. */
                    value: string;
                    /** @description Only runs on this environment see it. Left out: every one. */
                    environment?: string;
                    /** @description Only runs on this app see it. Left out: every one. */
                    app?: string;
                    /** @description Hosts that it may be sent to: `api.example`, `*.example`, `10.0.0.7:5432`. None: anywhere that a plan itself names. */
                    hosts?: string[];
                    /**
                     * @description How many earlier versions stay, so that what still prints them is masked.
                     * @default 2
                     */
                    keep?: number;
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
                     *       "name": "DEPLOY_HOOK",
                     *       "environment": "staging",
                     *       "app": null,
                     *       "hosts": [
                     *         "hooks.example"
                     *       ],
                     *       "version": 2,
                     *       "earlier": [
                     *         1
                     *       ],
                     *       "setBy": "person:ada@ops.example",
                     *       "setAt": "2026-11-21T06:16:22.000Z",
                     *       "firstSetAt": "2026-11-21T06:16:22.000Z",
                     *       "lastUse": null
                     *     }
                     */
                    "application/json": {
                        name: string;
                        environment: string | null;
                        app: string | null;
                        hosts: string[];
                        version: number;
                        earlier: number[];
                        setBy: string;
                        setAt: string;
                        firstSetAt: string;
                        lastUse: {
                            at: string;
                            runId: string;
                            step: string;
                            version: number;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "secrets.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example DEPLOY_HOOK */
                name: string;
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
                     *       "name": "DEPLOY_HOOK",
                     *       "secrets": [
                     *         {
                     *           "name": "DEPLOY_HOOK",
                     *           "environment": "staging",
                     *           "app": null,
                     *           "hosts": [
                     *             "hooks.example"
                     *           ],
                     *           "version": 2,
                     *           "earlier": [
                     *             1
                     *           ],
                     *           "setBy": "person:ada@ops.example",
                     *           "setAt": "2026-11-21T06:16:22.000Z",
                     *           "firstSetAt": "2026-11-21T06:16:22.000Z",
                     *           "lastUse": {
                     *             "at": "2026-11-21T06:16:22.000Z",
                     *             "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *             "step": "release",
                     *             "version": 2
                     *           }
                     *         }
                     *       ],
                     *       "elsewhere": [],
                     *       "uses": [
                     *         {
                     *           "at": "2026-11-21T06:16:22.000Z",
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "step": "release",
                     *           "source": "vault",
                     *           "environment": "staging",
                     *           "app": null,
                     *           "version": 2
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        name: string;
                        secrets: {
                            name: string;
                            environment: string | null;
                            app: string | null;
                            hosts: string[];
                            version: number;
                            earlier: number[];
                            setBy: string;
                            setAt: string;
                            firstSetAt: string;
                            lastUse: {
                                at: string;
                                runId: string;
                                step: string;
                                version: number;
                            } | null;
                        }[];
                        elsewhere: {
                            name: string;
                            /** @enum {string} */
                            source: "environment" | "file";
                            hosts: string[];
                        }[];
                        uses: {
                            at: string;
                            runId: string;
                            step: string;
                            /** @enum {string} */
                            source: "vault" | "environment" | "file";
                            environment: string | null;
                            app: string | null;
                            version: number | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "secrets.bind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example DEPLOY_HOOK */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "environment": "staging",
                 *       "hosts": [
                 *         "hooks.example"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Hosts that it may be sent to: `api.example`, `*.example`, `10.0.0.7:5432`. None: anywhere that a plan itself names. */
                    hosts: string[];
                    /** @description Only runs on this environment see it. Left out: every one. */
                    environment?: string;
                    /** @description Only runs on this app see it. Left out: every one. */
                    app?: string;
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
                     *       "name": "DEPLOY_HOOK",
                     *       "environment": "staging",
                     *       "app": null,
                     *       "hosts": [
                     *         "hooks.example"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        name: string;
                        environment: string | null;
                        app: string | null;
                        hosts: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "secrets.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example DEPLOY_HOOK */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "environment": "staging"
                 *     }
                 */
                "application/json": {
                    /** @description Only runs on this environment see it. Left out: every one. */
                    environment?: string;
                    /** @description Only runs on this app see it. Left out: every one. */
                    app?: string;
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
                     *       "name": "DEPLOY_HOOK",
                     *       "removed": [
                     *         1,
                     *         2
                     *       ]
                     *     }
                     */
                    "application/json": {
                        name: string;
                        removed: number[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "secrets.import": {
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
                 *       "text": "DEPLOY_HOOK=https://hooks.example/d/9f2c4e81\nDEBUG=1\n",
                 *       "environment": "staging",
                 *       "keep": 2
                 *     }
                 */
                "application/json": {
                    /** @description The text itself; of `.env`, values with spaces stand in quotes. */
                    text: string;
                    /** @description Left out: every name. */
                    only?: string[];
                    /** @description Only runs on this environment see it. Left out: every one. */
                    environment?: string;
                    /** @description Only runs on this app see it. Left out: every one. */
                    app?: string;
                    /**
                     * @description How many earlier versions stay, so that what still prints them is masked.
                     * @default 2
                     */
                    keep?: number;
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
                     *       "set": [
                     *         {
                     *           "name": "DEPLOY_HOOK",
                     *           "environment": "staging",
                     *           "app": null,
                     *           "hosts": [
                     *             "hooks.example"
                     *           ],
                     *           "version": 2,
                     *           "earlier": [
                     *             1
                     *           ],
                     *           "setBy": "person:ada@ops.example",
                     *           "setAt": "2026-11-21T06:16:22.000Z",
                     *           "firstSetAt": "2026-11-21T06:16:22.000Z",
                     *           "lastUse": null
                     *         }
                     *       ],
                     *       "leftOut": [
                     *         {
                     *           "name": "DEBUG",
                     *           "reason": "shorter than 4 characters: masking it would mask everything"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        set: {
                            name: string;
                            environment: string | null;
                            app: string | null;
                            hosts: string[];
                            version: number;
                            earlier: number[];
                            setBy: string;
                            setAt: string;
                            firstSetAt: string;
                            lastUse: {
                                at: string;
                                runId: string;
                                step: string;
                                version: number;
                            } | null;
                        }[];
                        leftOut: {
                            name: string;
                            reason: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "secrets.export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "recipients": [
                 *         "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Each begins with `age1`. */
                    recipients?: string[];
                    /** @description In place of recipients: at least 12 characters, better five random words. */
                    passphrase?: string;
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
                     *       "age": "-----BEGIN AGE ENCRYPTED FILE-----\n…\n-----END AGE ENCRYPTED FILE-----\n",
                     *       "names": [
                     *         "DEPLOY_HOOK"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        age: string;
                        names: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "notifications.rules": {
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
                     *       "rules": [
                     *         {
                     *           "ruleId": "019ab3c0-c3d0-7e12-9a44-6b1f0c2d8e57",
                     *           "name": "Failures to the team",
                     *           "place": {
                     *             "kind": "slack",
                     *             "urlSecret": "SLACK_WEBHOOK"
                     *           },
                     *           "events": [
                     *             "run.failed",
                     *             "approval.waits"
                     *           ],
                     *           "only": {
                     *             "environment": "production"
                     *           },
                     *           "quiet": {
                     *             "from": "22:00",
                     *             "to": "07:00",
                     *             "zone": "Europe/Berlin"
                     *           },
                     *           "groupMinutes": 10,
                     *           "paused": false,
                     *           "createdBy": "user:ada@build-1",
                     *           "createdAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        rules: {
                            ruleId: string;
                            name: string;
                            place: {
                                /** @constant */
                                kind: "slack";
                                /** @description Holds the incoming webhook’s URL. */
                                urlSecret: string;
                            } | {
                                /** @constant */
                                kind: "discord";
                                /** @description Holds the webhook’s URL. */
                                urlSecret: string;
                            } | {
                                /** @constant */
                                kind: "webhook";
                                /** Format: uri */
                                url: string;
                                /** @description Signs each message, as Standard Webhooks do. */
                                signingSecret: string;
                                /**
                                 * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                                 * @default []
                                 */
                                allowAddresses: string[];
                            } | {
                                /** @constant */
                                kind: "email";
                                to: string[];
                                /** Format: email */
                                from: string;
                                /** @description Holds the server: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` for STARTTLS. */
                                smtpSecret: string;
                                /**
                                 * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                                 * @default []
                                 */
                                allowAddresses: string[];
                            };
                            events: ("run.failed" | "run.succeeded" | "run.waits" | "approval.waits" | "worker.lost" | "room.degraded")[];
                            only: {
                                environment?: string;
                                app?: string;
                                /** @enum {string} */
                                lane?: "A" | "B" | "C" | "D";
                            };
                            quiet: {
                                from: string;
                                to: string;
                                zone: string;
                            } | null;
                            groupMinutes: number;
                            paused: boolean;
                            createdBy: string;
                            createdAt: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "notifications.create": {
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
                 *       "name": "Failures to the team",
                 *       "place": {
                 *         "kind": "slack",
                 *         "urlSecret": "SLACK_WEBHOOK"
                 *       },
                 *       "events": [
                 *         "run.failed",
                 *         "approval.waits"
                 *       ],
                 *       "only": {
                 *         "environment": "production"
                 *       },
                 *       "quiet": {
                 *         "from": "22:00",
                 *         "to": "07:00",
                 *         "zone": "Europe/Berlin"
                 *       }
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @description Where messages go. Credentials stand there by the name of a secret. */
                    place: {
                        /** @constant */
                        kind: "slack";
                        /** @description Holds the incoming webhook’s URL. */
                        urlSecret: string;
                    } | {
                        /** @constant */
                        kind: "discord";
                        /** @description Holds the webhook’s URL. */
                        urlSecret: string;
                    } | {
                        /** @constant */
                        kind: "webhook";
                        /** Format: uri */
                        url: string;
                        /** @description Signs each message, as Standard Webhooks do. */
                        signingSecret: string;
                        /**
                         * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                         * @default []
                         */
                        allowAddresses?: string[];
                    } | {
                        /** @constant */
                        kind: "email";
                        to: string[];
                        /** Format: email */
                        from: string;
                        /** @description Holds the server: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` for STARTTLS. */
                        smtpSecret: string;
                        /**
                         * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                         * @default []
                         */
                        allowAddresses?: string[];
                    };
                    /** @description What is told. */
                    events: ("run.failed" | "run.succeeded" | "run.waits" | "approval.waits" | "worker.lost" | "room.degraded")[];
                    /**
                     * @description Only what is of this target or lane.
                     * @default {}
                     */
                    only?: {
                        environment?: string;
                        app?: string;
                        /** @enum {string} */
                        lane?: "A" | "B" | "C" | "D";
                    };
                    /**
                     * @description Hours in which messages are held back, each day.
                     * @default null
                     */
                    quiet?: {
                        from: string;
                        to: string;
                        zone: string;
                    } | null;
                    /**
                     * @description What happens again within so long is told together.
                     * @default 10
                     */
                    groupMinutes?: number;
                    /** @default false */
                    paused?: boolean;
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
                     *       "ruleId": "019ab3c0-c3d0-7e12-9a44-6b1f0c2d8e57",
                     *       "name": "Failures to the team",
                     *       "place": {
                     *         "kind": "slack",
                     *         "urlSecret": "SLACK_WEBHOOK"
                     *       },
                     *       "events": [
                     *         "run.failed",
                     *         "approval.waits"
                     *       ],
                     *       "only": {
                     *         "environment": "production"
                     *       },
                     *       "quiet": {
                     *         "from": "22:00",
                     *         "to": "07:00",
                     *         "zone": "Europe/Berlin"
                     *       },
                     *       "groupMinutes": 10,
                     *       "paused": false,
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        ruleId: string;
                        name: string;
                        place: {
                            /** @constant */
                            kind: "slack";
                            /** @description Holds the incoming webhook’s URL. */
                            urlSecret: string;
                        } | {
                            /** @constant */
                            kind: "discord";
                            /** @description Holds the webhook’s URL. */
                            urlSecret: string;
                        } | {
                            /** @constant */
                            kind: "webhook";
                            /** Format: uri */
                            url: string;
                            /** @description Signs each message, as Standard Webhooks do. */
                            signingSecret: string;
                            /**
                             * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                             * @default []
                             */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            kind: "email";
                            to: string[];
                            /** Format: email */
                            from: string;
                            /** @description Holds the server: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` for STARTTLS. */
                            smtpSecret: string;
                            /**
                             * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                             * @default []
                             */
                            allowAddresses: string[];
                        };
                        events: ("run.failed" | "run.succeeded" | "run.waits" | "approval.waits" | "worker.lost" | "room.degraded")[];
                        only: {
                            environment?: string;
                            app?: string;
                            /** @enum {string} */
                            lane?: "A" | "B" | "C" | "D";
                        };
                        quiet: {
                            from: string;
                            to: string;
                            zone: string;
                        } | null;
                        groupMinutes: number;
                        paused: boolean;
                        createdBy: string;
                        createdAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "notifications.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example Failures to the team */
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "paused": true
                 *     }
                 */
                "application/json": {
                    name?: string;
                    /** @description Where messages go. Credentials stand there by the name of a secret. */
                    place?: {
                        /** @constant */
                        kind: "slack";
                        /** @description Holds the incoming webhook’s URL. */
                        urlSecret: string;
                    } | {
                        /** @constant */
                        kind: "discord";
                        /** @description Holds the webhook’s URL. */
                        urlSecret: string;
                    } | {
                        /** @constant */
                        kind: "webhook";
                        /** Format: uri */
                        url: string;
                        /** @description Signs each message, as Standard Webhooks do. */
                        signingSecret: string;
                        /**
                         * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                         * @default []
                         */
                        allowAddresses?: string[];
                    } | {
                        /** @constant */
                        kind: "email";
                        to: string[];
                        /** Format: email */
                        from: string;
                        /** @description Holds the server: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` for STARTTLS. */
                        smtpSecret: string;
                        /**
                         * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                         * @default []
                         */
                        allowAddresses?: string[];
                    };
                    /** @description What is told. */
                    events?: ("run.failed" | "run.succeeded" | "run.waits" | "approval.waits" | "worker.lost" | "room.degraded")[];
                    only?: {
                        environment?: string;
                        app?: string;
                        /** @enum {string} */
                        lane?: "A" | "B" | "C" | "D";
                    };
                    quiet?: {
                        from: string;
                        to: string;
                        zone: string;
                    } | null;
                    groupMinutes?: number;
                    paused?: boolean;
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
                     *       "ruleId": "019ab3c0-c3d0-7e12-9a44-6b1f0c2d8e57",
                     *       "name": "Failures to the team",
                     *       "place": {
                     *         "kind": "slack",
                     *         "urlSecret": "SLACK_WEBHOOK"
                     *       },
                     *       "events": [
                     *         "run.failed",
                     *         "approval.waits"
                     *       ],
                     *       "only": {
                     *         "environment": "production"
                     *       },
                     *       "quiet": {
                     *         "from": "22:00",
                     *         "to": "07:00",
                     *         "zone": "Europe/Berlin"
                     *       },
                     *       "groupMinutes": 10,
                     *       "paused": true,
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        ruleId: string;
                        name: string;
                        place: {
                            /** @constant */
                            kind: "slack";
                            /** @description Holds the incoming webhook’s URL. */
                            urlSecret: string;
                        } | {
                            /** @constant */
                            kind: "discord";
                            /** @description Holds the webhook’s URL. */
                            urlSecret: string;
                        } | {
                            /** @constant */
                            kind: "webhook";
                            /** Format: uri */
                            url: string;
                            /** @description Signs each message, as Standard Webhooks do. */
                            signingSecret: string;
                            /**
                             * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                             * @default []
                             */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            kind: "email";
                            to: string[];
                            /** Format: email */
                            from: string;
                            /** @description Holds the server: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` for STARTTLS. */
                            smtpSecret: string;
                            /**
                             * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                             * @default []
                             */
                            allowAddresses: string[];
                        };
                        events: ("run.failed" | "run.succeeded" | "run.waits" | "approval.waits" | "worker.lost" | "room.degraded")[];
                        only: {
                            environment?: string;
                            app?: string;
                            /** @enum {string} */
                            lane?: "A" | "B" | "C" | "D";
                        };
                        quiet: {
                            from: string;
                            to: string;
                            zone: string;
                        } | null;
                        groupMinutes: number;
                        paused: boolean;
                        createdBy: string;
                        createdAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "notifications.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example Failures to the team */
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "ruleId": "019ab3c0-c3d0-7e12-9a44-6b1f0c2d8e57",
                     *       "name": "Failures to the team",
                     *       "place": {
                     *         "kind": "slack",
                     *         "urlSecret": "SLACK_WEBHOOK"
                     *       },
                     *       "events": [
                     *         "run.failed",
                     *         "approval.waits"
                     *       ],
                     *       "only": {
                     *         "environment": "production"
                     *       },
                     *       "quiet": {
                     *         "from": "22:00",
                     *         "to": "07:00",
                     *         "zone": "Europe/Berlin"
                     *       },
                     *       "groupMinutes": 10,
                     *       "paused": false,
                     *       "createdBy": "user:ada@build-1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        ruleId: string;
                        name: string;
                        place: {
                            /** @constant */
                            kind: "slack";
                            /** @description Holds the incoming webhook’s URL. */
                            urlSecret: string;
                        } | {
                            /** @constant */
                            kind: "discord";
                            /** @description Holds the webhook’s URL. */
                            urlSecret: string;
                        } | {
                            /** @constant */
                            kind: "webhook";
                            /** Format: uri */
                            url: string;
                            /** @description Signs each message, as Standard Webhooks do. */
                            signingSecret: string;
                            /**
                             * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                             * @default []
                             */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            kind: "email";
                            to: string[];
                            /** Format: email */
                            from: string;
                            /** @description Holds the server: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` for STARTTLS. */
                            smtpSecret: string;
                            /**
                             * @description Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.
                             * @default []
                             */
                            allowAddresses: string[];
                        };
                        events: ("run.failed" | "run.succeeded" | "run.waits" | "approval.waits" | "worker.lost" | "room.degraded")[];
                        only: {
                            environment?: string;
                            app?: string;
                            /** @enum {string} */
                            lane?: "A" | "B" | "C" | "D";
                        };
                        quiet: {
                            from: string;
                            to: string;
                            zone: string;
                        } | null;
                        groupMinutes: number;
                        paused: boolean;
                        createdBy: string;
                        createdAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "notifications.test": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example Failures to the team */
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "arrived": true,
                     *       "error": null
                     *     }
                     */
                    "application/json": {
                        arrived: boolean;
                        error: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "notifications.list": {
        parameters: {
            query?: {
                /** @example 50 */
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
                     *       "notifications": [
                     *         {
                     *           "notificationId": "019ab3c0-d4e1-7f23-8b55-7c2a1d3e9f68",
                     *           "rule": "Failures to the team",
                     *           "event": "run.failed",
                     *           "title": "Deploy the shop",
                     *           "detail": "The server answered 502",
                     *           "path": "/runs/019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "status": "failed",
                     *           "attempts": 6,
                     *           "dueAt": "2026-11-21T06:16:22.000Z",
                     *           "error": "The receiver answered 503.",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "endedAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        notifications: {
                            notificationId: string;
                            rule: string;
                            /** @enum {string} */
                            event: "run.failed" | "run.succeeded" | "run.waits" | "approval.waits" | "worker.lost" | "room.degraded";
                            title: string;
                            detail: string | null;
                            path: string;
                            /** @enum {string} */
                            status: "pending" | "sending" | "sent" | "failed";
                            attempts: number;
                            dueAt: string;
                            error: string | null;
                            createdAt: string;
                            endedAt: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "notifications.retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-d4e1-7f23-8b55-7c2a1d3e9f68 */
                notification: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "notificationId": "019ab3c0-d4e1-7f23-8b55-7c2a1d3e9f68"
                     *     }
                     */
                    "application/json": {
                        notificationId: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.list": {
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
                     *       "schedules": [
                     *         {
                     *           "scheduleId": "019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55",
                     *           "name": "nightly-backup",
                     *           "cron": "30 2 * * 1-5",
                     *           "zone": "Europe/Berlin",
                     *           "plan": {
                     *             "file": "ops/backup.md",
                     *             "section": "back-up"
                     *           },
                     *           "title": "Back up",
                     *           "lane": null,
                     *           "session": null,
                     *           "host": "build-1",
                     *           "folder": null,
                     *           "inputs": {
                     *             "bucket": "nightly"
                     *           },
                     *           "overlap": "skip",
                     *           "catchUp": "last",
                     *           "catchUpMost": 10,
                     *           "jitterS": 0,
                     *           "madeBy": "person:ada@ops.example",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "changedAt": "2026-11-21T06:16:22.000Z",
                     *           "paused": false,
                     *           "pausedBy": null,
                     *           "next": {
                     *             "at": "2026-11-23T01:30:00.000Z",
                     *             "local": "2026-11-23T02:30+01:00"
                     *           },
                     *           "last": {
                     *             "dueAt": "2026-11-20T01:30:00.000Z",
                     *             "local": "2026-11-20T02:30+01:00",
                     *             "cause": "time",
                     *             "state": "started",
                     *             "times": 1,
                     *             "code": null,
                     *             "reason": null,
                     *             "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *             "intentId": null,
                     *             "askedBy": null
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        schedules: {
                            scheduleId: string;
                            name: string;
                            cron: string;
                            zone: string;
                            plan: {
                                digest: string;
                            } | {
                                file: string;
                                section?: string;
                            };
                            title: string;
                            lane: ("A" | "B" | "C" | "D") | null;
                            session: string | null;
                            host: string;
                            folder: string | null;
                            inputs: {
                                [key: string]: unknown;
                            };
                            /** @enum {string} */
                            overlap: "skip" | "queue" | "cancel" | "allow";
                            /** @enum {string} */
                            catchUp: "none" | "last" | "all";
                            catchUpMost: number;
                            jitterS: number;
                            madeBy: string;
                            createdAt: string;
                            changedAt: string;
                            paused: boolean;
                            pausedBy: string | null;
                            next: {
                                at: string;
                                local: string;
                            } | null;
                            last: {
                                dueAt: string;
                                local: string;
                                /** @enum {string} */
                                cause: "time" | "catch-up" | "now";
                                /** @enum {string} */
                                state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                                times: number;
                                code: string | null;
                                reason: string | null;
                                runId: string | null;
                                intentId: string | null;
                                askedBy: string | null;
                            } | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.create": {
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
                 *       "name": "nightly-backup",
                 *       "cron": "30 2 * * 1-5",
                 *       "zone": "Europe/Berlin",
                 *       "plan": {
                 *         "follow": "ops/backup.md",
                 *         "section": "back-up"
                 *       },
                 *       "inputs": {
                 *         "bucket": "nightly"
                 *       },
                 *       "catchUp": "last"
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @description Minute, hour, day of the month, month, day of the week; or @daily. */
                    cron: string;
                    /** @description An IANA time zone: Europe/Berlin, America/New_York, UTC. */
                    zone: string;
                    /** @default {} */
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description When the run before still goes on: skip this time, queue it, cancel the older run, or allow both.
                     * @default skip
                     * @enum {string}
                     */
                    overlap?: "skip" | "queue" | "cancel" | "allow";
                    /**
                     * @description After a time without any process of the room: begin none of what was missed, the last, or all.
                     * @default none
                     * @enum {string}
                     */
                    catchUp?: "none" | "last" | "all";
                    /**
                     * @description Of catch-up `all`: how many at most, the latest.
                     * @default 10
                     */
                    catchUpMost?: number;
                    /**
                     * @description Begin later by a part of so many seconds.
                     * @default 0
                     */
                    jitterS?: number;
                    /** @description A plan: by its digest, by a file that is read each time, or given here, and then always the same. */
                    plan: {
                        digest: string;
                    } | {
                        follow: string;
                        section?: string;
                    } | {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    };
                    /** @default null */
                    lane?: ("A" | "B" | "C" | "D") | null;
                    /**
                     * @description The session of its runs, by name.
                     * @default null
                     */
                    session?: string | null;
                    /**
                     * @description Where an `inplace` plan works; without it, the folder of the plan’s file.
                     * @default null
                     */
                    folder?: string | null;
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
                     *       "scheduleId": "019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55",
                     *       "name": "nightly-backup",
                     *       "cron": "30 2 * * 1-5",
                     *       "zone": "Europe/Berlin",
                     *       "plan": {
                     *         "file": "ops/backup.md",
                     *         "section": "back-up"
                     *       },
                     *       "title": "Back up",
                     *       "lane": null,
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "bucket": "nightly"
                     *       },
                     *       "overlap": "skip",
                     *       "catchUp": "last",
                     *       "catchUpMost": 10,
                     *       "jitterS": 0,
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "next": {
                     *         "at": "2026-11-23T01:30:00.000Z",
                     *         "local": "2026-11-23T02:30+01:00"
                     *       },
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        scheduleId: string;
                        name: string;
                        cron: string;
                        zone: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        overlap: "skip" | "queue" | "cancel" | "allow";
                        /** @enum {string} */
                        catchUp: "none" | "last" | "all";
                        catchUpMost: number;
                        jitterS: number;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        next: {
                            at: string;
                            local: string;
                        } | null;
                        last: {
                            dueAt: string;
                            local: string;
                            /** @enum {string} */
                            cause: "time" | "catch-up" | "now";
                            /** @enum {string} */
                            state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                            times: number;
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                            askedBy: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.preview": {
        parameters: {
            query: {
                /** @example 30 2 * * 1-5 */
                cron: string;
                /** @example Europe/Berlin */
                zone: string;
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
                     *       "upcoming": [
                     *         {
                     *           "at": "2026-11-23T01:30:00.000Z",
                     *           "local": "2026-11-23T02:30+01:00"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        upcoming: {
                            at: string;
                            local: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example nightly-backup */
                schedule: string;
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
                     *       "scheduleId": "019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55",
                     *       "name": "nightly-backup",
                     *       "cron": "30 2 * * 1-5",
                     *       "zone": "Europe/Berlin",
                     *       "plan": {
                     *         "file": "ops/backup.md",
                     *         "section": "back-up"
                     *       },
                     *       "title": "Back up",
                     *       "lane": null,
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "bucket": "nightly"
                     *       },
                     *       "overlap": "skip",
                     *       "catchUp": "last",
                     *       "catchUpMost": 10,
                     *       "jitterS": 0,
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "next": {
                     *         "at": "2026-11-23T01:30:00.000Z",
                     *         "local": "2026-11-23T02:30+01:00"
                     *       },
                     *       "last": {
                     *         "dueAt": "2026-11-20T01:30:00.000Z",
                     *         "local": "2026-11-20T02:30+01:00",
                     *         "cause": "time",
                     *         "state": "started",
                     *         "times": 1,
                     *         "code": null,
                     *         "reason": null,
                     *         "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *         "intentId": null,
                     *         "askedBy": null
                     *       },
                     *       "upcoming": [
                     *         {
                     *           "at": "2026-11-23T01:30:00.000Z",
                     *           "local": "2026-11-23T02:30+01:00"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        scheduleId: string;
                        name: string;
                        cron: string;
                        zone: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        overlap: "skip" | "queue" | "cancel" | "allow";
                        /** @enum {string} */
                        catchUp: "none" | "last" | "all";
                        catchUpMost: number;
                        jitterS: number;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        next: {
                            at: string;
                            local: string;
                        } | null;
                        last: {
                            dueAt: string;
                            local: string;
                            /** @enum {string} */
                            cause: "time" | "catch-up" | "now";
                            /** @enum {string} */
                            state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                            times: number;
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                            askedBy: string | null;
                        } | null;
                        upcoming: {
                            at: string;
                            local: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example nightly-backup */
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "plan": {
                 *         "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                 *       },
                 *       "overlap": "queue"
                 *     }
                 */
                "application/json": {
                    /** @description Minute, hour, day of the month, month, day of the week; or @daily. */
                    cron?: string;
                    /** @description An IANA time zone: Europe/Berlin, America/New_York, UTC. */
                    zone?: string;
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /** @enum {string} */
                    overlap?: "skip" | "queue" | "cancel" | "allow";
                    /** @enum {string} */
                    catchUp?: "none" | "last" | "all";
                    catchUpMost?: number;
                    jitterS?: number;
                    /** @description A plan: by its digest, by a file that is read each time, or given here, and then always the same. */
                    plan?: {
                        digest: string;
                    } | {
                        follow: string;
                        section?: string;
                    } | {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    };
                    lane?: ("A" | "B" | "C" | "D") | null;
                    session?: string | null;
                    folder?: string | null;
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
                     *       "scheduleId": "019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55",
                     *       "name": "nightly-backup",
                     *       "cron": "30 2 * * 1-5",
                     *       "zone": "Europe/Berlin",
                     *       "plan": {
                     *         "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                     *       },
                     *       "title": "Back up",
                     *       "lane": null,
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "bucket": "nightly"
                     *       },
                     *       "overlap": "queue",
                     *       "catchUp": "last",
                     *       "catchUpMost": 10,
                     *       "jitterS": 0,
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "next": {
                     *         "at": "2026-11-23T01:30:00.000Z",
                     *         "local": "2026-11-23T02:30+01:00"
                     *       },
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        scheduleId: string;
                        name: string;
                        cron: string;
                        zone: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        overlap: "skip" | "queue" | "cancel" | "allow";
                        /** @enum {string} */
                        catchUp: "none" | "last" | "all";
                        catchUpMost: number;
                        jitterS: number;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        next: {
                            at: string;
                            local: string;
                        } | null;
                        last: {
                            dueAt: string;
                            local: string;
                            /** @enum {string} */
                            cause: "time" | "catch-up" | "now";
                            /** @enum {string} */
                            state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                            times: number;
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                            askedBy: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.pause": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example nightly-backup */
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "scheduleId": "019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55",
                     *       "name": "nightly-backup",
                     *       "cron": "30 2 * * 1-5",
                     *       "zone": "Europe/Berlin",
                     *       "plan": {
                     *         "file": "ops/backup.md",
                     *         "section": "back-up"
                     *       },
                     *       "title": "Back up",
                     *       "lane": null,
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "bucket": "nightly"
                     *       },
                     *       "overlap": "skip",
                     *       "catchUp": "last",
                     *       "catchUpMost": 10,
                     *       "jitterS": 0,
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": true,
                     *       "pausedBy": "person:ada@ops.example",
                     *       "next": null,
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        scheduleId: string;
                        name: string;
                        cron: string;
                        zone: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        overlap: "skip" | "queue" | "cancel" | "allow";
                        /** @enum {string} */
                        catchUp: "none" | "last" | "all";
                        catchUpMost: number;
                        jitterS: number;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        next: {
                            at: string;
                            local: string;
                        } | null;
                        last: {
                            dueAt: string;
                            local: string;
                            /** @enum {string} */
                            cause: "time" | "catch-up" | "now";
                            /** @enum {string} */
                            state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                            times: number;
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                            askedBy: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example nightly-backup */
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "scheduleId": "019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55",
                     *       "name": "nightly-backup",
                     *       "cron": "30 2 * * 1-5",
                     *       "zone": "Europe/Berlin",
                     *       "plan": {
                     *         "file": "ops/backup.md",
                     *         "section": "back-up"
                     *       },
                     *       "title": "Back up",
                     *       "lane": null,
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "bucket": "nightly"
                     *       },
                     *       "overlap": "skip",
                     *       "catchUp": "last",
                     *       "catchUpMost": 10,
                     *       "jitterS": 0,
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "next": {
                     *         "at": "2026-11-23T01:30:00.000Z",
                     *         "local": "2026-11-23T02:30+01:00"
                     *       },
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        scheduleId: string;
                        name: string;
                        cron: string;
                        zone: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        overlap: "skip" | "queue" | "cancel" | "allow";
                        /** @enum {string} */
                        catchUp: "none" | "last" | "all";
                        catchUpMost: number;
                        jitterS: number;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        next: {
                            at: string;
                            local: string;
                        } | null;
                        last: {
                            dueAt: string;
                            local: string;
                            /** @enum {string} */
                            cause: "time" | "catch-up" | "now";
                            /** @enum {string} */
                            state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                            times: number;
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                            askedBy: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example nightly-backup */
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "scheduleId": "019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55",
                     *       "name": "nightly-backup",
                     *       "cron": "30 2 * * 1-5",
                     *       "zone": "Europe/Berlin",
                     *       "plan": {
                     *         "file": "ops/backup.md",
                     *         "section": "back-up"
                     *       },
                     *       "title": "Back up",
                     *       "lane": null,
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "bucket": "nightly"
                     *       },
                     *       "overlap": "skip",
                     *       "catchUp": "last",
                     *       "catchUpMost": 10,
                     *       "jitterS": 0,
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": true,
                     *       "pausedBy": "person:ada@ops.example",
                     *       "next": null,
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        scheduleId: string;
                        name: string;
                        cron: string;
                        zone: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        overlap: "skip" | "queue" | "cancel" | "allow";
                        /** @enum {string} */
                        catchUp: "none" | "last" | "all";
                        catchUpMost: number;
                        jitterS: number;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        next: {
                            at: string;
                            local: string;
                        } | null;
                        last: {
                            dueAt: string;
                            local: string;
                            /** @enum {string} */
                            cause: "time" | "catch-up" | "now";
                            /** @enum {string} */
                            state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                            times: number;
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                            askedBy: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.fire": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example nightly-backup */
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "dueAt": "2026-11-21T06:16:22.000Z",
                     *       "state": "started",
                     *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *       "intentId": null,
                     *       "code": null,
                     *       "reason": null
                     *     }
                     */
                    "application/json": {
                        dueAt: string;
                        /** @enum {string} */
                        state: "started" | "asked" | "refused";
                        runId: string | null;
                        intentId: string | null;
                        code: string | null;
                        reason: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "schedules.fires": {
        parameters: {
            query?: {
                /** @example 50 */
                limit?: number;
                before?: string;
            };
            header?: never;
            path: {
                /** @example nightly-backup */
                schedule: string;
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
                     *       "fires": [
                     *         {
                     *           "dueAt": "2026-11-20T01:30:00.000Z",
                     *           "local": "2026-11-20T02:30+01:00",
                     *           "cause": "time",
                     *           "state": "started",
                     *           "times": 1,
                     *           "code": null,
                     *           "reason": null,
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "intentId": null,
                     *           "askedBy": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        fires: {
                            dueAt: string;
                            local: string;
                            /** @enum {string} */
                            cause: "time" | "catch-up" | "now";
                            /** @enum {string} */
                            state: "claimed" | "queued" | "started" | "asked" | "skipped" | "missed" | "refused";
                            times: number;
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                            askedBy: string | null;
                        }[];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "policies.get": {
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
                     *       "folder": "/srv/ops/policies",
                     *       "shipped": false,
                     *       "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "policies": [
                     *         {
                     *           "id": "production-approved",
                     *           "effect": "forbid",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "file": "approvals.cedar",
                     *           "line": 61,
                     *           "text": "@id(\"production-approved\") … unless { context.approved };",
                     *           "approval": {
                     *             "policy": "production-approved",
                     *             "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *             "roles": [
                     *               "approver",
                     *               "owner"
                     *             ],
                     *             "count": 1,
                     *             "ttlMs": 14400000,
                     *             "window": null,
                     *             "form": null
                     *           }
                     *         }
                     *       ],
                     *       "forms": [],
                     *       "problems": []
                     *     }
                     */
                    "application/json": {
                        /** @description Where they lie on the machine of the room. */
                        folder: string;
                        /** @description They are those that come with Opsroom. */
                        shipped: boolean;
                        digest: string;
                        policies: {
                            id: string;
                            /** @enum {string} */
                            effect: "permit" | "forbid";
                            reason: string;
                            file: string;
                            line: number;
                            text: string;
                            approval: {
                                policy: string;
                                reason: string;
                                roles: string[];
                                count: number;
                                ttlMs: number;
                                window: string | null;
                                form: string | null;
                            } | null;
                        }[];
                        forms: string[];
                        /** @description Why none of them can be used. While there are any, nothing is permitted. */
                        problems: {
                            file: string;
                            line?: number;
                            column?: number;
                            policy?: string;
                            message: string;
                            mend: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "policies.explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "as": "key:ci",
                 *       "request": {
                 *         "environment": "production",
                 *         "app": "shop"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description Who would ask: `agent:gpt`, `person:approver` (a role), `key:ci`, `machine`. Without it: you. */
                    as?: string | {
                        /** @enum {string} */
                        kind: "person" | "agent" | "key" | "machine" | "system";
                        by?: string;
                        role?: string;
                        agent?: string;
                        person?: string;
                    };
                    /**
                     * @default run
                     * @enum {string}
                     */
                    action?: "propose" | "run" | "approve" | "control" | "heal" | "use_tool" | "read_secret";
                    /** @description An intent: what it asks for, as whoever proposed it. */
                    intent?: string;
                    /** @description What would run. What is said besides overrides what it says of itself. */
                    plan?: {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    };
                    /** @default {} */
                    inputs?: {
                        [key: string]: unknown;
                    };
                    /** @default {} */
                    request?: {
                        environment?: string;
                        app?: string;
                        branch?: string;
                        kind?: string;
                        title?: string;
                        planDigest?: string;
                        lane?: string;
                        readOnly?: boolean;
                        isolated?: boolean;
                        tools?: string[];
                        secrets?: string[];
                        allowAddresses?: string[];
                    };
                    /** @description Who would have asked, where the action is to approve it. */
                    proposer?: string | {
                        /** @enum {string} */
                        kind: "person" | "agent" | "key" | "machine" | "system";
                        by?: string;
                        role?: string;
                        agent?: string;
                        person?: string;
                    };
                    /** @description The tool, the secret or the signal, where the action is about one. */
                    name?: string;
                    /** @description As if those who must agree had. */
                    approved?: boolean;
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
                     *       "effect": "needs_approval",
                     *       "reason": null,
                     *       "policyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "policies": [
                     *         {
                     *           "id": "production-approved",
                     *           "effect": "forbid",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "file": "approvals.cedar",
                     *           "line": 61,
                     *           "text": "@id(\"production-approved\") … unless { context.approved };",
                     *           "approval": {
                     *             "policy": "production-approved",
                     *             "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *             "roles": [
                     *               "approver",
                     *               "owner"
                     *             ],
                     *             "count": 1,
                     *             "ttlMs": 14400000,
                     *             "window": null,
                     *             "form": null
                     *           }
                     *         }
                     *       ],
                     *       "rules": [
                     *         {
                     *           "policy": "production-approved",
                     *           "reason": "Production changes only after an approver or owner agreed who did not ask for it.",
                     *           "roles": [
                     *             "approver",
                     *             "owner"
                     *           ],
                     *           "count": 1,
                     *           "ttlMs": 14400000,
                     *           "window": null,
                     *           "form": null,
                     *           "opensAt": null
                     *         }
                     *       ],
                     *       "principal": {
                     *         "kind": "key",
                     *         "by": "key:ci",
                     *         "role": null,
                     *         "agent": null
                     *       },
                     *       "requests": [
                     *         {
                     *           "environment": "production",
                     *           "app": "shop",
                     *           "branch": "",
                     *           "kind": "deploy",
                     *           "title": "Deploy the shop",
                     *           "planDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "lane": "B",
                     *           "readOnly": false,
                     *           "isolated": true,
                     *           "tools": [
                     *             "http"
                     *           ],
                     *           "secrets": [
                     *             "DEPLOY_HOOK"
                     *           ],
                     *           "allowAddresses": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        effect: "allow" | "deny" | "needs_approval";
                        /** @description Why it is denied. */
                        reason: string | null;
                        policyDigest: string;
                        /** @description Those that decided. */
                        policies: {
                            id: string;
                            /** @enum {string} */
                            effect: "permit" | "forbid";
                            reason: string;
                            file: string;
                            line: number;
                            text: string;
                            approval: {
                                policy: string;
                                reason: string;
                                roles: string[];
                                count: number;
                                ttlMs: number;
                                window: string | null;
                                form: string | null;
                            } | null;
                        }[];
                        rules: {
                            policy: string;
                            reason: string;
                            roles: string[];
                            count: number;
                            ttlMs: number;
                            window: string | null;
                            form: string | null;
                            /** @description When its window opens next; null: now. */
                            opensAt: string | null;
                        }[];
                        principal: {
                            kind: string;
                            by: string;
                            role: string | null;
                            agent: string | null;
                        };
                        /** @description What policies saw: one for each branch that the request names. */
                        requests: {
                            environment: string;
                            app: string;
                            branch: string;
                            kind: string;
                            title: string;
                            planDigest: string;
                            lane: string;
                            readOnly: boolean;
                            isolated: boolean;
                            tools: string[];
                            secrets: string[];
                            allowAddresses: string[];
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "members.list": {
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
                     *       "members": [
                     *         {
                     *           "memberId": "019ab3c0-b7c1-7a10-9d5e-2f4a6c8e0b13",
                     *           "name": "Bea",
                     *           "email": "bea@ops.example",
                     *           "emailVerified": true,
                     *           "by": "person:bea@ops.example",
                     *           "role": "operator",
                     *           "listed": false,
                     *           "machines": [
                     *             "bea@laptop-7"
                     *           ],
                     *           "keys": [
                     *             {
                     *               "name": "bea-ci",
                     *               "outlives": [
                     *                 "owner",
                     *                 "approver",
                     *                 "operator"
                     *               ]
                     *             }
                     *           ],
                     *           "since": "2026-11-21T06:16:22.000Z",
                     *           "signIns": 1,
                     *           "lastSignInAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        members: {
                            memberId: string;
                            name: string;
                            email: string | null;
                            emailVerified: boolean;
                            by: string;
                            /** @enum {string} */
                            role: "owner" | "approver" | "operator" | "viewer";
                            listed: boolean;
                            machines: string[];
                            keys: {
                                name: string;
                                outlives: ("owner" | "approver" | "operator" | "viewer")[];
                            }[];
                            since: string;
                            signIns: number;
                            lastSignInAt: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "members.setRole": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example bea@ops.example */
                member: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "approver"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description What they are from now on.
                     * @enum {string}
                     */
                    role: "owner" | "approver" | "operator" | "viewer";
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
                     *       "memberId": "019ab3c0-b7c1-7a10-9d5e-2f4a6c8e0b13",
                     *       "name": "Bea",
                     *       "email": "bea@ops.example",
                     *       "emailVerified": true,
                     *       "by": "person:bea@ops.example",
                     *       "role": "approver",
                     *       "listed": false,
                     *       "machines": [
                     *         "bea@laptop-7"
                     *       ],
                     *       "keys": [
                     *         {
                     *           "name": "bea-ci",
                     *           "outlives": [
                     *             "owner",
                     *             "approver",
                     *             "operator"
                     *           ]
                     *         }
                     *       ],
                     *       "since": "2026-11-21T06:16:22.000Z",
                     *       "signIns": 1,
                     *       "lastSignInAt": "2026-11-21T06:16:22.000Z",
                     *       "revokedKeys": []
                     *     }
                     */
                    "application/json": {
                        memberId: string;
                        name: string;
                        email: string | null;
                        emailVerified: boolean;
                        by: string;
                        /** @enum {string} */
                        role: "owner" | "approver" | "operator" | "viewer";
                        listed: boolean;
                        machines: string[];
                        keys: {
                            name: string;
                            outlives: ("owner" | "approver" | "operator" | "viewer")[];
                        }[];
                        since: string;
                        signIns: number;
                        lastSignInAt: string | null;
                        revokedKeys: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "members.setEmail": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example bea@ops.example */
                member: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "bea.b@ops.example"
                 *     }
                 */
                "application/json": {
                    /** @description By which they sign in from now on. */
                    email: string;
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
                     *       "memberId": "019ab3c0-b7c1-7a10-9d5e-2f4a6c8e0b13",
                     *       "name": "Bea",
                     *       "email": "bea.b@ops.example",
                     *       "emailVerified": true,
                     *       "by": "person:bea.b@ops.example",
                     *       "role": "operator",
                     *       "listed": false,
                     *       "machines": [
                     *         "bea@laptop-7"
                     *       ],
                     *       "keys": [
                     *         {
                     *           "name": "bea-ci",
                     *           "outlives": [
                     *             "owner",
                     *             "approver",
                     *             "operator"
                     *           ]
                     *         }
                     *       ],
                     *       "since": "2026-11-21T06:16:22.000Z",
                     *       "signIns": 1,
                     *       "lastSignInAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        memberId: string;
                        name: string;
                        email: string | null;
                        emailVerified: boolean;
                        by: string;
                        /** @enum {string} */
                        role: "owner" | "approver" | "operator" | "viewer";
                        listed: boolean;
                        machines: string[];
                        keys: {
                            name: string;
                            outlives: ("owner" | "approver" | "operator" | "viewer")[];
                        }[];
                        since: string;
                        signIns: number;
                        lastSignInAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "members.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example bea@ops.example */
                member: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "memberId": "019ab3c0-b7c1-7a10-9d5e-2f4a6c8e0b13",
                     *       "name": "Bea",
                     *       "email": "bea@ops.example",
                     *       "emailVerified": true,
                     *       "by": "person:bea@ops.example",
                     *       "role": "operator",
                     *       "listed": false,
                     *       "machines": [
                     *         "bea@laptop-7"
                     *       ],
                     *       "keys": [],
                     *       "since": "2026-11-21T06:16:22.000Z",
                     *       "signIns": 1,
                     *       "lastSignInAt": "2026-11-21T06:16:22.000Z",
                     *       "revokedKeys": [
                     *         "bea-ci"
                     *       ],
                     *       "endedSignIns": 1
                     *     }
                     */
                    "application/json": {
                        memberId: string;
                        name: string;
                        email: string | null;
                        emailVerified: boolean;
                        by: string;
                        /** @enum {string} */
                        role: "owner" | "approver" | "operator" | "viewer";
                        listed: boolean;
                        machines: string[];
                        keys: {
                            name: string;
                            outlives: ("owner" | "approver" | "operator" | "viewer")[];
                        }[];
                        since: string;
                        signIns: number;
                        lastSignInAt: string | null;
                        revokedKeys: string[];
                        endedSignIns: number;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "invitations.list": {
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
                     *       "invitations": [
                     *         {
                     *           "invitationId": "019ab3c0-c2d4-7b65-8e19-4a7c0f3d5e82",
                     *           "email": "cy@ops.example",
                     *           "role": "approver",
                     *           "state": "waiting",
                     *           "createdBy": "person:ada@ops.example",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "expiresAt": "2026-11-28T06:16:22.000Z",
                     *           "acceptedAt": null,
                     *           "acceptedBy": null,
                     *           "revokedAt": null,
                     *           "revokedBy": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        invitations: {
                            invitationId: string;
                            email: string | null;
                            /** @enum {string} */
                            role: "owner" | "approver" | "operator" | "viewer";
                            /** @enum {string} */
                            state: "waiting" | "accepted" | "revoked" | "expired";
                            createdBy: string;
                            createdAt: string;
                            expiresAt: string;
                            acceptedAt: string | null;
                            acceptedBy: string | null;
                            revokedAt: string | null;
                            revokedBy: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "invitations.create": {
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
                 *       "email": "cy@ops.example",
                 *       "role": "approver"
                 *     }
                 */
                "application/json": {
                    /** @description Whom it is for. Left out: whoever has the link. */
                    email?: string;
                    /**
                     * @description What they will be; nobody gives more than they have.
                     * @enum {string}
                     */
                    role: "owner" | "approver" | "operator" | "viewer";
                    /**
                     * @description After how many days the link opens nothing any more.
                     * @default 7
                     */
                    days?: number;
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
                     *       "invitationId": "019ab3c0-c2d4-7b65-8e19-4a7c0f3d5e82",
                     *       "email": "cy@ops.example",
                     *       "role": "approver",
                     *       "state": "waiting",
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-28T06:16:22.000Z",
                     *       "acceptedAt": null,
                     *       "acceptedBy": null,
                     *       "revokedAt": null,
                     *       "revokedBy": null,
                     *       "url": "https://ops.example/join#token=opsi_…"
                     *     }
                     */
                    "application/json": {
                        invitationId: string;
                        email: string | null;
                        /** @enum {string} */
                        role: "owner" | "approver" | "operator" | "viewer";
                        /** @enum {string} */
                        state: "waiting" | "accepted" | "revoked" | "expired";
                        createdBy: string;
                        createdAt: string;
                        expiresAt: string;
                        acceptedAt: string | null;
                        acceptedBy: string | null;
                        revokedAt: string | null;
                        revokedBy: string | null;
                        url: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "invitations.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-c2d4-7b65-8e19-4a7c0f3d5e82 */
                invitation: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "invitationId": "019ab3c0-c2d4-7b65-8e19-4a7c0f3d5e82",
                     *       "email": "cy@ops.example",
                     *       "role": "approver",
                     *       "state": "revoked",
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-28T06:16:22.000Z",
                     *       "acceptedAt": null,
                     *       "acceptedBy": null,
                     *       "revokedAt": "2026-11-21T06:16:22.000Z",
                     *       "revokedBy": "person:ada@ops.example"
                     *     }
                     */
                    "application/json": {
                        invitationId: string;
                        email: string | null;
                        /** @enum {string} */
                        role: "owner" | "approver" | "operator" | "viewer";
                        /** @enum {string} */
                        state: "waiting" | "accepted" | "revoked" | "expired";
                        createdBy: string;
                        createdAt: string;
                        expiresAt: string;
                        acceptedAt: string | null;
                        acceptedBy: string | null;
                        revokedAt: string | null;
                        revokedBy: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "organisations.list": {
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
                     *       "organisations": [
                     *         {
                     *           "organisationId": "019ab3c0-d4e6-7c27-9f38-5b8d1a4f6c94",
                     *           "slug": "acme",
                     *           "name": "Acme",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "current": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        organisations: {
                            organisationId: string;
                            slug: string;
                            name: string;
                            createdAt: string;
                            current: boolean;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "organisations.create": {
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
                 *       "name": "Acme"
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @description How addresses and the command line name it; made from the name unless given. */
                    slug?: string;
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
                     *       "organisationId": "019ab3c0-d4e6-7c27-9f38-5b8d1a4f6c94",
                     *       "slug": "acme",
                     *       "name": "Acme",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "current": false
                     *     }
                     */
                    "application/json": {
                        organisationId: string;
                        slug: string;
                        name: string;
                        createdAt: string;
                        current: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "organisations.switch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example acme */
                organisation: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "organisationId": "019ab3c0-d4e6-7c27-9f38-5b8d1a4f6c94",
                     *       "slug": "acme",
                     *       "name": "Acme",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "current": true
                     *     }
                     */
                    "application/json": {
                        organisationId: string;
                        slug: string;
                        name: string;
                        createdAt: string;
                        current: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.list": {
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
                     *       "webhooks": [
                     *         {
                     *           "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *           "name": "shop-push",
                     *           "form": "github",
                     *           "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *           "plan": {
                     *             "file": "ops/deploy.yaml"
                     *           },
                     *           "title": "Deploy the shop",
                     *           "lane": "B",
                     *           "session": null,
                     *           "host": "build-1",
                     *           "folder": null,
                     *           "inputs": {
                     *             "ref": "payload.after"
                     *           },
                     *           "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                     *           "madeBy": "person:ada@ops.example",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "changedAt": "2026-11-21T06:16:22.000Z",
                     *           "paused": false,
                     *           "pausedBy": null,
                     *           "last": {
                     *             "deliveryId": "019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24",
                     *             "senderId": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *             "event": "push",
                     *             "receivedAt": "2026-11-21T06:16:22.000Z",
                     *             "bodyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *             "bodyBytes": 7412,
                     *             "cut": false,
                     *             "redeliveryOf": null,
                     *             "redeliveredBy": null,
                     *             "state": "started",
                     *             "code": null,
                     *             "reason": null,
                     *             "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *             "intentId": null
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        webhooks: {
                            webhookId: string;
                            name: string;
                            /** @enum {string} */
                            form: "github" | "standard";
                            url: string;
                            plan: {
                                digest: string;
                            } | {
                                file: string;
                                section?: string;
                            };
                            title: string;
                            lane: ("A" | "B" | "C" | "D") | null;
                            session: string | null;
                            host: string;
                            folder: string | null;
                            inputs: {
                                [key: string]: string;
                            };
                            filter: string | null;
                            madeBy: string;
                            createdAt: string;
                            changedAt: string;
                            paused: boolean;
                            pausedBy: string | null;
                            last: {
                                deliveryId: string;
                                senderId: string;
                                event: string;
                                receivedAt: string;
                                bodyDigest: string;
                                bodyBytes: number;
                                cut: boolean;
                                redeliveryOf: string | null;
                                redeliveredBy: string | null;
                                /** @enum {string} */
                                state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                                code: string | null;
                                reason: string | null;
                                runId: string | null;
                                intentId: string | null;
                            } | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.create": {
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
                 *       "name": "shop-push",
                 *       "form": "github",
                 *       "plan": {
                 *         "follow": "ops/deploy.yaml"
                 *       },
                 *       "inputs": {
                 *         "ref": "payload.after"
                 *       },
                 *       "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                 *       "lane": "B"
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @description The secret to sign with, when the sender has one already; without it one is made. */
                    secret?: string;
                    /**
                     * @description How the sender signs: as GitHub does, or as Standard Webhooks (an HMAC over id, time and body).
                     * @default standard
                     * @enum {string}
                     */
                    form?: "github" | "standard";
                    /**
                     * @description Name of an input → a CEL expression over `event`, `payload`, `headers` and `delivery`: `{"ref": "payload.ref"}`.
                     * @default {}
                     */
                    inputs?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Only events for which this CEL expression is true start anything: `event == "push"`.
                     * @default null
                     */
                    filter?: string | null;
                    /** @description A plan: by its digest, by a file that is read each time, or given here, and then always the same. */
                    plan: {
                        digest: string;
                    } | {
                        follow: string;
                        section?: string;
                    } | {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    };
                    /** @default null */
                    lane?: ("A" | "B" | "C" | "D") | null;
                    /**
                     * @description The session of its runs, by name.
                     * @default null
                     */
                    session?: string | null;
                    /**
                     * @description Where an `inplace` plan works; without it, the folder of the plan’s file.
                     * @default null
                     */
                    folder?: string | null;
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
                     *       "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "name": "shop-push",
                     *       "form": "github",
                     *       "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "plan": {
                     *         "file": "ops/deploy.yaml"
                     *       },
                     *       "title": "Deploy the shop",
                     *       "lane": "B",
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "ref": "payload.after"
                     *       },
                     *       "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "last": null,
                     *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDlKRvAzTs8aM="
                     *     }
                     */
                    "application/json": {
                        webhookId: string;
                        name: string;
                        /** @enum {string} */
                        form: "github" | "standard";
                        url: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: string;
                        };
                        filter: string | null;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        last: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        } | null;
                        secret: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
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
                     *       "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "name": "shop-push",
                     *       "form": "github",
                     *       "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "plan": {
                     *         "file": "ops/deploy.yaml"
                     *       },
                     *       "title": "Deploy the shop",
                     *       "lane": "B",
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "ref": "payload.after"
                     *       },
                     *       "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "last": {
                     *         "deliveryId": "019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24",
                     *         "senderId": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *         "event": "push",
                     *         "receivedAt": "2026-11-21T06:16:22.000Z",
                     *         "bodyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *         "bodyBytes": 7412,
                     *         "cut": false,
                     *         "redeliveryOf": null,
                     *         "redeliveredBy": null,
                     *         "state": "started",
                     *         "code": null,
                     *         "reason": null,
                     *         "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *         "intentId": null
                     *       },
                     *       "secrets": [
                     *         {
                     *           "n": 1,
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "createdBy": "person:ada@ops.example",
                     *           "expiresAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        webhookId: string;
                        name: string;
                        /** @enum {string} */
                        form: "github" | "standard";
                        url: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: string;
                        };
                        filter: string | null;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        last: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        } | null;
                        secrets: {
                            n: number;
                            createdAt: string;
                            createdBy: string;
                            expiresAt: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "filter": null
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    form?: "github" | "standard";
                    inputs?: {
                        [key: string]: string;
                    };
                    filter?: string | null;
                    /** @description A plan: by its digest, by a file that is read each time, or given here, and then always the same. */
                    plan?: {
                        digest: string;
                    } | {
                        follow: string;
                        section?: string;
                    } | {
                        text: string;
                        /** @description Its name. By `.md` it is a runbook. */
                        file?: string;
                        /** @description Of a runbook: the anchor of the heading that is meant. */
                        section?: string;
                        lock?: string;
                        strict?: boolean;
                    } | {
                        value: unknown;
                    } | {
                        /** @description The name of a template: `deploy-vercel`. `templates.list` has them. */
                        template: string;
                    } | {
                        bundle: {
                            path: string;
                            text: string;
                        }[];
                        folder?: string;
                        doer?: {
                            /** @constant */
                            agent: true;
                            /** @enum {string} */
                            preset?: "claude-code" | "codex" | "cursor";
                        } | {
                            argv: [
                                string
                            ];
                        };
                        check?: [
                            string
                        ];
                        pullRequest?: {
                            repo: string;
                            githubUrl?: string;
                        };
                        all?: boolean;
                        strict?: boolean;
                    } | {
                        [key: string]: unknown;
                    };
                    lane?: ("A" | "B" | "C" | "D") | null;
                    session?: string | null;
                    folder?: string | null;
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
                     *       "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "name": "shop-push",
                     *       "form": "github",
                     *       "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "plan": {
                     *         "file": "ops/deploy.yaml"
                     *       },
                     *       "title": "Deploy the shop",
                     *       "lane": "B",
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "ref": "payload.after"
                     *       },
                     *       "filter": null,
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        webhookId: string;
                        name: string;
                        /** @enum {string} */
                        form: "github" | "standard";
                        url: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: string;
                        };
                        filter: string | null;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        last: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.pause": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "name": "shop-push",
                     *       "form": "github",
                     *       "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "plan": {
                     *         "file": "ops/deploy.yaml"
                     *       },
                     *       "title": "Deploy the shop",
                     *       "lane": "B",
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "ref": "payload.after"
                     *       },
                     *       "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": true,
                     *       "pausedBy": "person:ada@ops.example",
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        webhookId: string;
                        name: string;
                        /** @enum {string} */
                        form: "github" | "standard";
                        url: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: string;
                        };
                        filter: string | null;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        last: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "name": "shop-push",
                     *       "form": "github",
                     *       "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "plan": {
                     *         "file": "ops/deploy.yaml"
                     *       },
                     *       "title": "Deploy the shop",
                     *       "lane": "B",
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "ref": "payload.after"
                     *       },
                     *       "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        webhookId: string;
                        name: string;
                        /** @enum {string} */
                        form: "github" | "standard";
                        url: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: string;
                        };
                        filter: string | null;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        last: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "name": "shop-push",
                     *       "form": "github",
                     *       "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "plan": {
                     *         "file": "ops/deploy.yaml"
                     *       },
                     *       "title": "Deploy the shop",
                     *       "lane": "B",
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "ref": "payload.after"
                     *       },
                     *       "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "last": null
                     *     }
                     */
                    "application/json": {
                        webhookId: string;
                        name: string;
                        /** @enum {string} */
                        form: "github" | "standard";
                        url: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: string;
                        };
                        filter: string | null;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        last: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        } | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.rotateSecret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "keepS": 3600
                 *     }
                 */
                "application/json": {
                    /** @description The secret to sign with, when the sender has one already; without it one is made. */
                    secret?: string;
                    /**
                     * @description For how many seconds the secret before stays good.
                     * @default 86400
                     */
                    keepS?: number;
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
                     *       "webhookId": "3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "name": "shop-push",
                     *       "form": "github",
                     *       "url": "https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63",
                     *       "plan": {
                     *         "file": "ops/deploy.yaml"
                     *       },
                     *       "title": "Deploy the shop",
                     *       "lane": "B",
                     *       "session": null,
                     *       "host": "build-1",
                     *       "folder": null,
                     *       "inputs": {
                     *         "ref": "payload.after"
                     *       },
                     *       "filter": "event == \"push\" && payload.ref == \"refs/heads/main\"",
                     *       "madeBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "paused": false,
                     *       "pausedBy": null,
                     *       "last": null,
                     *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDlKRvAzTs8aM="
                     *     }
                     */
                    "application/json": {
                        webhookId: string;
                        name: string;
                        /** @enum {string} */
                        form: "github" | "standard";
                        url: string;
                        plan: {
                            digest: string;
                        } | {
                            file: string;
                            section?: string;
                        };
                        title: string;
                        lane: ("A" | "B" | "C" | "D") | null;
                        session: string | null;
                        host: string;
                        folder: string | null;
                        inputs: {
                            [key: string]: string;
                        };
                        filter: string | null;
                        madeBy: string;
                        createdAt: string;
                        changedAt: string;
                        paused: boolean;
                        pausedBy: string | null;
                        last: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        } | null;
                        secret: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.deliveries": {
        parameters: {
            query?: {
                /** @example 50 */
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
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
                     *       "deliveries": [
                     *         {
                     *           "deliveryId": "019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24",
                     *           "senderId": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *           "event": "push",
                     *           "receivedAt": "2026-11-21T06:16:22.000Z",
                     *           "bodyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "bodyBytes": 7412,
                     *           "cut": false,
                     *           "redeliveryOf": null,
                     *           "redeliveredBy": null,
                     *           "state": "started",
                     *           "code": null,
                     *           "reason": null,
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "intentId": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": {
                        deliveries: {
                            deliveryId: string;
                            senderId: string;
                            event: string;
                            receivedAt: string;
                            bodyDigest: string;
                            bodyBytes: number;
                            cut: boolean;
                            redeliveryOf: string | null;
                            redeliveredBy: string | null;
                            /** @enum {string} */
                            state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                            code: string | null;
                            reason: string | null;
                            runId: string | null;
                            intentId: string | null;
                        }[];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.delivery": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
                /** @example 019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24 */
                delivery: string;
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
                     *       "deliveryId": "019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24",
                     *       "senderId": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *       "event": "push",
                     *       "receivedAt": "2026-11-21T06:16:22.000Z",
                     *       "bodyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "bodyBytes": 7412,
                     *       "cut": false,
                     *       "redeliveryOf": null,
                     *       "redeliveredBy": null,
                     *       "state": "started",
                     *       "code": null,
                     *       "reason": null,
                     *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *       "intentId": null,
                     *       "headers": {
                     *         "x-github-event": "push"
                     *       },
                     *       "body": "{\"ref\":\"refs/heads/main\",\"after\":\"6dcb09b5b57875f334f61aebed695e2e4193db5e\"}"
                     *     }
                     */
                    "application/json": {
                        deliveryId: string;
                        senderId: string;
                        event: string;
                        receivedAt: string;
                        bodyDigest: string;
                        bodyBytes: number;
                        cut: boolean;
                        redeliveryOf: string | null;
                        redeliveredBy: string | null;
                        /** @enum {string} */
                        state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                        code: string | null;
                        reason: string | null;
                        runId: string | null;
                        intentId: string | null;
                        headers: {
                            [key: string]: string;
                        };
                        body: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "webhooks.redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-push */
                webhook: string;
                /** @example 019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24 */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "deliveryId": "019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24",
                     *       "senderId": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                     *       "event": "push",
                     *       "receivedAt": "2026-11-21T06:16:22.000Z",
                     *       "bodyDigest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "bodyBytes": 7412,
                     *       "cut": false,
                     *       "redeliveryOf": "019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24",
                     *       "redeliveredBy": "person:bob@ops.example",
                     *       "state": "started",
                     *       "code": null,
                     *       "reason": null,
                     *       "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *       "intentId": null
                     *     }
                     */
                    "application/json": {
                        deliveryId: string;
                        senderId: string;
                        event: string;
                        receivedAt: string;
                        bodyDigest: string;
                        bodyBytes: number;
                        cut: boolean;
                        redeliveryOf: string | null;
                        redeliveredBy: string | null;
                        /** @enum {string} */
                        state: "claimed" | "started" | "asked" | "filtered" | "ignored" | "refused";
                        code: string | null;
                        reason: string | null;
                        runId: string | null;
                        intentId: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.servers": {
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
                     *       "servers": [
                     *         {
                     *           "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *           "name": "issues",
                     *           "connection": {
                     *             "transport": "http",
                     *             "url": "https://issues.example/mcp",
                     *             "headers": {
                     *               "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *             },
                     *             "allowAddresses": []
                     *           },
                     *           "secrets": [
                     *             "ISSUES"
                     *           ],
                     *           "sandbox": {
                     *             "level": "none",
                     *             "network": true
                     *           },
                     *           "enabled": true,
                     *           "state": "ok",
                     *           "stateSince": "2026-11-21T06:16:22.000Z",
                     *           "lookedAt": "2026-11-21T06:16:22.000Z",
                     *           "error": null,
                     *           "tookMs": 212,
                     *           "speaks": {
                     *             "era": "legacy",
                     *             "protocol": "2025-11-25",
                     *             "server": "issues 1.0.0"
                     *           },
                     *           "tools": {
                     *             "total": 1,
                     *             "flagged": 1
                     *           },
                     *           "signIn": null,
                     *           "createdBy": "person:ada@ops.example",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "changedBy": "person:ada@ops.example",
                     *           "changedAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        servers: {
                            serverId: string;
                            name: string;
                            connection: {
                                /** @constant */
                                transport: "stdio";
                                command: string;
                                /** @default [] */
                                args: string[];
                                /** @default {} */
                                env: {
                                    [key: string]: string;
                                };
                            } | {
                                /** @constant */
                                transport: "http";
                                url: string;
                                /** @default {} */
                                headers: {
                                    [key: string]: string;
                                };
                                /** @default [] */
                                allowAddresses: string[];
                            } | {
                                /** @constant */
                                transport: "sse";
                                url: string;
                                /** @default {} */
                                headers: {
                                    [key: string]: string;
                                };
                                /** @default [] */
                                allowAddresses: string[];
                            };
                            secrets: string[];
                            sandbox: {
                                /** @enum {string} */
                                level: "none" | "uid" | "bubblewrap";
                                network: boolean;
                            };
                            enabled: boolean;
                            /** @enum {string} */
                            state: "unknown" | "ok" | "failing";
                            stateSince: string;
                            lookedAt: string | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            tookMs: number | null;
                            speaks: {
                                /** @enum {string} */
                                era: "modern" | "legacy";
                                protocol: string;
                                server: string;
                            } | null;
                            tools: {
                                total: number;
                                flagged: number;
                            };
                            signIn: {
                                by: string;
                                at: string;
                                issuer: string;
                                scope: string;
                                expiresAt: string | null;
                                refused: string | null;
                            } | null;
                            createdBy: string;
                            createdAt: string;
                            changedBy: string;
                            changedAt: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.create": {
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
                 *       "name": "tracker",
                 *       "transport": "http",
                 *       "url": "https://issues.example/mcp",
                 *       "headers": {
                 *         "Authorization": "Bearer {{ secrets.ISSUES }}"
                 *       },
                 *       "enabled": false
                 *     }
                 */
                "application/json": {
                    name: string;
                    /**
                     * @description http is Streamable HTTP; sse is what old servers speak.
                     * @enum {string}
                     */
                    transport: "stdio" | "http" | "sse" | "websocket";
                    /** @description Of stdio: the program. No shell reads it. */
                    command?: string;
                    args?: string[];
                    /** @description Of stdio. `{{ secrets.NAME }}` in a value is a secret of the room. */
                    env?: {
                        [key: string]: string;
                    };
                    /** @description Of http and sse. */
                    url?: string;
                    /** @description Of http and sse; `{{ secrets.NAME }}` as in env. */
                    headers?: {
                        [key: string]: string;
                    };
                    /** @description Private addresses at which it may be reached. */
                    allowAddresses?: string[];
                    /**
                     * @description How a server that is a program is isolated at least; a step may ask for more.
                     * @default {
                     *       "level": "none",
                     *       "network": true
                     *     }
                     */
                    sandbox?: {
                        /** @enum {string} */
                        level: "none" | "uid" | "bubblewrap";
                        /** @default true */
                        network?: boolean;
                    };
                    /** @default true */
                    enabled?: boolean;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "tracker",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": false,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.tools": {
        parameters: {
            query?: {
                /** @example issues */
                server?: string;
                flagged?: boolean;
                gone?: boolean;
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
                     *       "tools": [
                     *         {
                     *           "server": "issues",
                     *           "name": "delete_issue",
                     *           "tool": "mcp:issues:delete_issue",
                     *           "title": "Delete an issue",
                     *           "description": "Deletes an issue.",
                     *           "annotations": {
                     *             "destructiveHint": true
                     *           },
                     *           "version": 2,
                     *           "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "callable": false,
                     *           "flags": [
                     *             "now says that it may destroy"
                     *           ],
                     *           "consentedBy": null,
                     *           "consentedAt": null,
                     *           "firstSeenAt": "2026-11-21T06:16:22.000Z",
                     *           "lastSeenAt": "2026-11-21T06:16:22.000Z",
                     *           "goneAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        tools: {
                            server: string;
                            name: string;
                            tool: string;
                            title: string;
                            description: string;
                            annotations: {
                                readOnlyHint?: boolean;
                                destructiveHint?: boolean;
                                idempotentHint?: boolean;
                                openWorldHint?: boolean;
                            };
                            version: number;
                            digest: string;
                            callable: boolean;
                            flags: string[];
                            consentedBy: string | null;
                            consentedAt: string | null;
                            firstSeenAt: string;
                            lastSeenAt: string;
                            goneAt: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "url": "https://issues.example/mcp"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description http is Streamable HTTP; sse is what old servers speak.
                     * @enum {string}
                     */
                    transport?: "stdio" | "http" | "sse" | "websocket";
                    /** @description Of stdio: the program. No shell reads it. */
                    command?: string;
                    args?: string[];
                    /** @description Of stdio. `{{ secrets.NAME }}` in a value is a secret of the room. */
                    env?: {
                        [key: string]: string;
                    };
                    /** @description Of http and sse. */
                    url?: string;
                    /** @description Of http and sse; `{{ secrets.NAME }}` as in env. */
                    headers?: {
                        [key: string]: string;
                    };
                    /** @description Private addresses at which it may be reached. */
                    allowAddresses?: string[];
                    /** @description How a server that is a program is isolated at least; a step may ask for more. */
                    sandbox?: {
                        /** @enum {string} */
                        level: "none" | "uid" | "bubblewrap";
                        /** @default true */
                        network?: boolean;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "issues",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": true,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "issues",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": true,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.disable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "issues",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": true,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "issues",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": true,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.check": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "issues",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": true,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.tool": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
                /** @example delete_issue */
                tool: string;
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
                     *       "server": "issues",
                     *       "name": "delete_issue",
                     *       "tool": "mcp:issues:delete_issue",
                     *       "title": "Delete an issue",
                     *       "description": "Deletes an issue.",
                     *       "annotations": {
                     *         "destructiveHint": true
                     *       },
                     *       "version": 2,
                     *       "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *       "callable": false,
                     *       "flags": [
                     *         "now says that it may destroy"
                     *       ],
                     *       "consentedBy": null,
                     *       "consentedAt": null,
                     *       "firstSeenAt": "2026-11-21T06:16:22.000Z",
                     *       "lastSeenAt": "2026-11-21T06:16:22.000Z",
                     *       "goneAt": null,
                     *       "inputSchema": {
                     *         "type": "object",
                     *         "required": [
                     *           "issue"
                     *         ],
                     *         "properties": {
                     *           "issue": {
                     *             "type": "string"
                     *           }
                     *         }
                     *       },
                     *       "outputSchema": null,
                     *       "versions": [
                     *         {
                     *           "server": "issues",
                     *           "name": "delete_issue",
                     *           "tool": "mcp:issues:delete_issue",
                     *           "title": "Delete an issue",
                     *           "description": "Deletes an issue.",
                     *           "annotations": {
                     *             "destructiveHint": true
                     *           },
                     *           "version": 2,
                     *           "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "callable": false,
                     *           "flags": [
                     *             "now says that it may destroy"
                     *           ],
                     *           "consentedBy": null,
                     *           "consentedAt": null,
                     *           "firstSeenAt": "2026-11-21T06:16:22.000Z",
                     *           "lastSeenAt": "2026-11-21T06:16:22.000Z",
                     *           "goneAt": null,
                     *           "inputSchema": {
                     *             "type": "object",
                     *             "required": [
                     *               "issue"
                     *             ],
                     *             "properties": {
                     *               "issue": {
                     *                 "type": "string"
                     *               }
                     *             }
                     *           },
                     *           "outputSchema": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        server: string;
                        name: string;
                        tool: string;
                        title: string;
                        description: string;
                        annotations: {
                            readOnlyHint?: boolean;
                            destructiveHint?: boolean;
                            idempotentHint?: boolean;
                            openWorldHint?: boolean;
                        };
                        version: number;
                        digest: string;
                        callable: boolean;
                        flags: string[];
                        consentedBy: string | null;
                        consentedAt: string | null;
                        firstSeenAt: string;
                        lastSeenAt: string;
                        goneAt: string | null;
                        inputSchema: {
                            [key: string]: unknown;
                        };
                        outputSchema: {
                            [key: string]: unknown;
                        } | null;
                        versions: {
                            server: string;
                            name: string;
                            tool: string;
                            title: string;
                            description: string;
                            annotations: {
                                readOnlyHint?: boolean;
                                destructiveHint?: boolean;
                                idempotentHint?: boolean;
                                openWorldHint?: boolean;
                            };
                            version: number;
                            digest: string;
                            callable: boolean;
                            flags: string[];
                            consentedBy: string | null;
                            consentedAt: string | null;
                            firstSeenAt: string;
                            lastSeenAt: string;
                            goneAt: string | null;
                            inputSchema: {
                                [key: string]: unknown;
                            };
                            outputSchema: {
                                [key: string]: unknown;
                            } | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.consent": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tools": [
                 *         {
                 *           "name": "delete_issue",
                 *           "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    tools: {
                        name: string;
                        digest: string;
                    }[];
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
                     *       "tools": [
                     *         {
                     *           "server": "issues",
                     *           "name": "delete_issue",
                     *           "tool": "mcp:issues:delete_issue",
                     *           "title": "Delete an issue",
                     *           "description": "Deletes an issue.",
                     *           "annotations": {
                     *             "destructiveHint": true
                     *           },
                     *           "version": 2,
                     *           "digest": "9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65",
                     *           "callable": true,
                     *           "flags": [],
                     *           "consentedBy": "person:ada@ops.example",
                     *           "consentedAt": "2026-11-21T06:16:22.000Z",
                     *           "firstSeenAt": "2026-11-21T06:16:22.000Z",
                     *           "lastSeenAt": "2026-11-21T06:16:22.000Z",
                     *           "goneAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        tools: {
                            server: string;
                            name: string;
                            tool: string;
                            title: string;
                            description: string;
                            annotations: {
                                readOnlyHint?: boolean;
                                destructiveHint?: boolean;
                                idempotentHint?: boolean;
                                openWorldHint?: boolean;
                            };
                            version: number;
                            digest: string;
                            callable: boolean;
                            flags: string[];
                            consentedBy: string | null;
                            consentedAt: string | null;
                            firstSeenAt: string;
                            lastSeenAt: string;
                            goneAt: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.signIn": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /**
                     * Format: uri
                     * @description Where you come back to: a port of your own machine (http://127.0.0.1:PORT/…). Left out: the Settings page.
                     */
                    redirect?: string;
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
                     *       "page": "https://issues.example/authorize?client_id=…",
                     *       "until": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        page: string;
                        until: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.signedIn": {
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
                 *       "state": "q3…",
                 *       "code": "c7…",
                 *       "iss": "https://issues.example"
                 *     }
                 */
                "application/json": {
                    state: string;
                    code: string;
                    iss?: string;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "issues",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": true,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "mcp.signOut": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example issues */
                server: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "serverId": "5f0c0e5c-7a41-4d0b-9c55-2f4c4b6c9a11",
                     *       "name": "issues",
                     *       "connection": {
                     *         "transport": "http",
                     *         "url": "https://issues.example/mcp",
                     *         "headers": {
                     *           "Authorization": "Bearer {{ secrets.ISSUES }}"
                     *         },
                     *         "allowAddresses": []
                     *       },
                     *       "secrets": [
                     *         "ISSUES"
                     *       ],
                     *       "sandbox": {
                     *         "level": "none",
                     *         "network": true
                     *       },
                     *       "enabled": true,
                     *       "state": "ok",
                     *       "stateSince": "2026-11-21T06:16:22.000Z",
                     *       "lookedAt": "2026-11-21T06:16:22.000Z",
                     *       "error": null,
                     *       "tookMs": 212,
                     *       "speaks": {
                     *         "era": "legacy",
                     *         "protocol": "2025-11-25",
                     *         "server": "issues 1.0.0"
                     *       },
                     *       "tools": {
                     *         "total": 1,
                     *         "flagged": 1
                     *       },
                     *       "signIn": null,
                     *       "createdBy": "person:ada@ops.example",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "changedBy": "person:ada@ops.example",
                     *       "changedAt": "2026-11-21T06:16:22.000Z",
                     *       "revocation": "revoked"
                     *     }
                     */
                    "application/json": {
                        serverId: string;
                        name: string;
                        connection: {
                            /** @constant */
                            transport: "stdio";
                            command: string;
                            /** @default [] */
                            args: string[];
                            /** @default {} */
                            env: {
                                [key: string]: string;
                            };
                        } | {
                            /** @constant */
                            transport: "http";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        } | {
                            /** @constant */
                            transport: "sse";
                            url: string;
                            /** @default {} */
                            headers: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            allowAddresses: string[];
                        };
                        secrets: string[];
                        sandbox: {
                            /** @enum {string} */
                            level: "none" | "uid" | "bubblewrap";
                            network: boolean;
                        };
                        enabled: boolean;
                        /** @enum {string} */
                        state: "unknown" | "ok" | "failing";
                        stateSince: string;
                        lookedAt: string | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        tookMs: number | null;
                        speaks: {
                            /** @enum {string} */
                            era: "modern" | "legacy";
                            protocol: string;
                            server: string;
                        } | null;
                        tools: {
                            total: number;
                            flagged: number;
                        };
                        signIn: {
                            by: string;
                            at: string;
                            issuer: string;
                            scope: string;
                            expiresAt: string | null;
                            refused: string | null;
                        } | null;
                        createdBy: string;
                        createdAt: string;
                        changedBy: string;
                        changedAt: string;
                        /** @enum {string} */
                        revocation: "revoked" | "unheard" | "unsupported" | "none";
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "limits.get": {
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
                     *       "runningPerUser": 10,
                     *       "lanes": [
                     *         {
                     *           "lane": "A",
                     *           "width": 4
                     *         },
                     *         {
                     *           "lane": "B",
                     *           "width": 4
                     *         },
                     *         {
                     *           "lane": "C",
                     *           "width": 2
                     *         },
                     *         {
                     *           "lane": "D",
                     *           "width": 1
                     *         }
                     *       ],
                     *       "modelUsd": {
                     *         "limit": 20,
                     *         "today": 0.42,
                     *         "unpriced": 0
                     *       },
                     *       "calls": [
                     *         {
                     *           "name": "tool:http",
                     *           "perSecond": 10,
                     *           "burst": 10,
                     *           "changedBy": "person:ada@ops.example",
                     *           "changedAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ],
                     *       "api": {
                     *         "key": {
                     *           "perSecond": 200,
                     *           "burst": 2000
                     *         },
                     *         "stranger": {
                     *           "perSecond": 1,
                     *           "burst": 60
                     *         }
                     *       },
                     *       "keys": [
                     *         {
                     *           "key": "deploy-staging",
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "title": "Deploy the shop",
                     *           "waiting": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        runningPerUser: number;
                        lanes: {
                            /** @enum {string} */
                            lane: "A" | "B" | "C" | "D";
                            width: number;
                        }[];
                        modelUsd: {
                            limit: number | null;
                            today: number;
                            unpriced: number;
                        };
                        calls: {
                            perSecond: number;
                            /** @description So many at once, when nothing was asked for a while. */
                            burst: number;
                            name: string;
                            changedBy: string;
                            changedAt: string;
                        }[];
                        api: {
                            key: {
                                perSecond: number;
                                /** @description So many at once, when nothing was asked for a while. */
                                burst: number;
                            };
                            stranger: {
                                perSecond: number;
                                /** @description So many at once, when nothing was asked for a while. */
                                burst: number;
                            };
                        };
                        keys: {
                            key: string;
                            runId: string;
                            title: string;
                            waiting: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "limits.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "runningPerUser": 10,
                 *       "lanes": {
                 *         "A": 4
                 *       },
                 *       "calls": {
                 *         "tool:http": {
                 *           "perSecond": 10,
                 *           "burst": 10
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    runningPerUser?: number;
                    /** @description Lane → how many runs at once. */
                    lanes?: {
                        [key: string]: number;
                    };
                    /** @description `tool:NAME` or `mcp:SERVER` → how often it may be called; null: no limit any more. */
                    calls?: {
                        [key: string]: {
                            perSecond: number;
                            /** @description So many at once, when nothing was asked for a while. */
                            burst: number;
                        } | null;
                    };
                    /** @description US dollars that calls of language models may cost in a day (UTC); null: no limit. */
                    modelUsdPerDay?: number | null;
                    api?: {
                        key?: {
                            perSecond: number;
                            /** @description So many at once, when nothing was asked for a while. */
                            burst: number;
                        };
                        stranger?: {
                            perSecond: number;
                            /** @description So many at once, when nothing was asked for a while. */
                            burst: number;
                        };
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
                     *       "runningPerUser": 10,
                     *       "lanes": [
                     *         {
                     *           "lane": "A",
                     *           "width": 4
                     *         },
                     *         {
                     *           "lane": "B",
                     *           "width": 4
                     *         },
                     *         {
                     *           "lane": "C",
                     *           "width": 2
                     *         },
                     *         {
                     *           "lane": "D",
                     *           "width": 1
                     *         }
                     *       ],
                     *       "modelUsd": {
                     *         "limit": 20,
                     *         "today": 0.42,
                     *         "unpriced": 0
                     *       },
                     *       "calls": [
                     *         {
                     *           "name": "tool:http",
                     *           "perSecond": 10,
                     *           "burst": 10,
                     *           "changedBy": "person:ada@ops.example",
                     *           "changedAt": "2026-11-21T06:16:22.000Z"
                     *         }
                     *       ],
                     *       "api": {
                     *         "key": {
                     *           "perSecond": 200,
                     *           "burst": 2000
                     *         },
                     *         "stranger": {
                     *           "perSecond": 1,
                     *           "burst": 60
                     *         }
                     *       },
                     *       "keys": [
                     *         {
                     *           "key": "deploy-staging",
                     *           "runId": "019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20",
                     *           "title": "Deploy the shop",
                     *           "waiting": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        runningPerUser: number;
                        lanes: {
                            /** @enum {string} */
                            lane: "A" | "B" | "C" | "D";
                            width: number;
                        }[];
                        modelUsd: {
                            limit: number | null;
                            today: number;
                            unpriced: number;
                        };
                        calls: {
                            perSecond: number;
                            /** @description So many at once, when nothing was asked for a while. */
                            burst: number;
                            name: string;
                            changedBy: string;
                            changedAt: string;
                        }[];
                        api: {
                            key: {
                                perSecond: number;
                                /** @description So many at once, when nothing was asked for a while. */
                                burst: number;
                            };
                            stranger: {
                                perSecond: number;
                                /** @description So many at once, when nothing was asked for a while. */
                                burst: number;
                            };
                        };
                        keys: {
                            key: string;
                            runId: string;
                            title: string;
                            waiting: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ide.list": {
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
                     *       "allowed": true,
                     *       "sessions": [
                     *         {
                     *           "sessionId": "019ab3c0-b3d4-7e55-8a66-7f3e2c9d4a53",
                     *           "name": "cursor-laptop",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "expiresAt": "2026-11-21T14:16:22.000Z",
                     *           "lastUsedAt": null,
                     *           "endedAt": null,
                     *           "endedBy": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        allowed: boolean;
                        sessions: {
                            sessionId: string;
                            name: string;
                            createdAt: string;
                            expiresAt: string;
                            lastUsedAt: string | null;
                            endedAt: string | null;
                            endedBy: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ide.open": {
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
                 *       "name": "cursor-laptop",
                 *       "hours": 8
                 *     }
                 */
                "application/json": {
                    /** @description Of the editor and the machine: `cursor-laptop`. */
                    name: string;
                    /**
                     * @description How long it works.
                     * @default 8
                     */
                    hours?: number;
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
                     *       "sessionId": "019ab3c0-b3d4-7e55-8a66-7f3e2c9d4a53",
                     *       "name": "cursor-laptop",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-21T14:16:22.000Z",
                     *       "lastUsedAt": null,
                     *       "endedAt": null,
                     *       "endedBy": null,
                     *       "key": "opsi_k3Jx9QvJm0bTtq1c8Yk2nUe7WzR5aLdHf4sGoPiXy6E"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        createdAt: string;
                        expiresAt: string;
                        lastUsedAt: string | null;
                        endedAt: string | null;
                        endedBy: string | null;
                        key: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ide.end": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-b3d4-7e55-8a66-7f3e2c9d4a53 */
                ideSession: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "sessionId": "019ab3c0-b3d4-7e55-8a66-7f3e2c9d4a53",
                     *       "name": "cursor-laptop",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-11-21T14:16:22.000Z",
                     *       "lastUsedAt": null,
                     *       "endedAt": "2026-11-21T06:16:22.000Z",
                     *       "endedBy": "person:ada@ops.example"
                     *     }
                     */
                    "application/json": {
                        sessionId: string;
                        name: string;
                        createdAt: string;
                        expiresAt: string;
                        lastUsedAt: string | null;
                        endedAt: string | null;
                        endedBy: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "ide.allow": {
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
                 *       "allowed": true
                 *     }
                 */
                "application/json": {
                    allowed: boolean;
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
                     *       "allowed": true
                     *     }
                     */
                    "application/json": {
                        allowed: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "me.get": {
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
                     *       "by": "person:ada@ops.example",
                     *       "permissions": [
                     *         "run:read",
                     *         "run:start",
                     *         "run:control",
                     *         "room:admin"
                     *       ],
                     *       "person": {
                     *         "name": "Ada",
                     *         "email": "ada@ops.example",
                     *         "role": "owner",
                     *         "hasPassword": true
                     *       },
                     *       "organisation": {
                     *         "organisationId": "00000000-0000-7000-8000-000000000001",
                     *         "slug": "local",
                     *         "name": "Local"
                     *       },
                     *       "host": "build-1",
                     *       "version": "0.1.0"
                     *     }
                     */
                    "application/json": {
                        by: string;
                        permissions: ("run:read" | "run:start" | "run:control" | "intent:propose" | "approval:give" | "trigger:manage" | "audit:read" | "audit:write" | "secret:manage" | "room:admin")[];
                        person: {
                            name: string;
                            email: string | null;
                            /** @enum {string} */
                            role: "owner" | "approver" | "operator" | "viewer";
                            hasPassword: boolean;
                        } | null;
                        organisation: {
                            organisationId: string;
                            slug: string;
                            name: string;
                        };
                        host: string;
                        version: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "me.signIns": {
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
                     *       "signIns": [
                     *         {
                     *           "signInId": "019ab3c0-a1b2-7d33-9c44-6e2f1b8d3f42",
                     *           "current": true,
                     *           "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                     *           "address": "127.0.0.1",
                     *           "createdAt": "2026-11-21T06:16:22.000Z",
                     *           "expiresAt": "2026-12-21T06:16:22.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        signIns: {
                            signInId: string;
                            current: boolean;
                            agent: string | null;
                            address: string | null;
                            createdAt: string;
                            expiresAt: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "me.endSignIn": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 019ab3c0-a1b2-7d33-9c44-6e2f1b8d3f42 */
                signIn: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
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
                     *       "signInId": "019ab3c0-a1b2-7d33-9c44-6e2f1b8d3f42",
                     *       "current": true,
                     *       "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                     *       "address": "127.0.0.1",
                     *       "createdAt": "2026-11-21T06:16:22.000Z",
                     *       "expiresAt": "2026-12-21T06:16:22.000Z"
                     *     }
                     */
                    "application/json": {
                        signInId: string;
                        current: boolean;
                        agent: string | null;
                        address: string | null;
                        createdAt: string;
                        expiresAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runboard.events": {
        parameters: {
            query?: {
                /**
                 * @description Goes on after this place.
                 * @example 81200
                 */
                after?: string;
                /**
                 * @description With `skip`, when more happens than anybody reads, only `reset: true` is told, every one to three seconds; how much that is, and how often, depends on how many watch.
                 * @example skip
                 */
                floods?: "tell" | "skip";
            };
            header?: {
                /**
                 * @description The same; it wins.
                 * @example 81200
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
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
                     * @example id: 81207
                     *     data: {"reset":false,"events":[{"run":"019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20","title":"Say hello","lane":"B","seq":7,"type":"step.done","step":"hello","item":-1,"attempt":1,"data":{"word":"proven"},"at":"2026-11-21T06:16:22.000Z"}]}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.events": {
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
                "Last-Event-ID"?: number;
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
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.artefact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example last */
                run: string;
                /** @example 9f86d081884c7d659f86d081884c7d659f86d081884c7d659f86d081884c7d65 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example hello */
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.logText": {
        parameters: {
            query: {
                /** @example hello */
                step: string;
                /** @example 1 */
                attempt: number;
                /** @example -1 */
                item?: number;
                /** @example 0 */
                revision?: number;
            };
            header?: never;
            path: {
                /** @example last */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example hello */
                    "text/plain": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "audit.export": {
        parameters: {
            query?: {
                /** @example json */
                format?: "json" | "csv";
                /**
                 * @description The kind of an entry or its beginning.
                 * @example call.
                 */
                kind?: string;
                /**
                 * @description Whoever asked.
                 * @example key:ci
                 */
                actor?: string;
                /**
                 * @description From this moment on.
                 * @example 2026-11-01T00:00:00Z
                 */
                since?: string;
                /**
                 * @description Before this moment.
                 * @example 2026-12-01T00:00:00Z
                 */
                until?: string;
                /** @example true */
                refused?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {"at":"2026-11-21T06:16:22.000Z"} */
                    "application/jsonl": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
    "runs.followLogs": {
        parameters: {
            query?: {
                /** @description Only this step. */
                step?: string;
                /** @description Of what was printed before, only the last so many lines of each attempt. */
                tail?: number;
                /** @description Goes on after the event of this id, where no header can be sent. */
                after?: string;
            };
            header?: {
                /** @description Goes on after the event of this id; `tail` is then not looked at. */
                "Last-Event-ID"?: string;
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
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            default: components["responses"]["Problemdefault"];
        };
    };
}
