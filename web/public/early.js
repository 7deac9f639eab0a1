// A run and its plan are asked for while the program that shows them is still under way: web/api/early.ts takes the answers. The
// header is that of every request of the page. A file of its own, because the policy of the page's content forbids inline scripts.
{
  const run = /^\/runs\/([0-9a-z-]+)$/.exec(location.pathname)?.[1];
  const paths = run ? [`/v1/runs/${run}`, `/v1/runs/${run}/plan`] : [];
  globalThis.opsroomEarly = new Map(
    paths.map((path) => {
      const answer = fetch(path, { headers: { 'x-opsroom': '1' } });
      answer.catch(() => undefined); // whoever takes it asks again
      return [path, { sentMs: Date.now(), answer }];
    }),
  );
}
