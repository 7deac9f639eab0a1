// What a list of tasks is read as, in the form that labels are compared with. Needs a build: node scripts/build.mjs
const { readTasks } = await import('../../dist/compile/speckit/tasks.js');

/** @returns the tasks as the reader gives them, each with `dependencies`: the ids of those that it comes after */
export function readDocument(text) {
  const { tasks, edges } = readTasks(text);
  const after = tasks.map((task) => new Set(task.after));
  tasks.forEach((task, index) => task.before.forEach((later) => after[later].add(index)));
  for (const edge of edges) after[edge.after].add(edge.before);
  return tasks.map((task, index) => ({
    ...task,
    done: task.state === 'done',
    dependencies: [...after[index]].map((one) => tasks[one].id),
  }));
}
