// The sandbox's control API.

async function result(answer) {
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error || answer.statusText);
  return body;
}

export const get = async (what, query = {}) => result(await fetch(`/sandbox/${what}?${new URLSearchParams(query)}`));

export const post = async (what, body) =>
  result(
    await fetch(`/sandbox/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );

export async function asFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  const kind = { image: "photo", video: "video" }[file.type.split("/")[0]] || "document";
  return { kind, name: file.name, base64: btoa(binary) };
}
