using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging;
using Shouldly;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Rest;

/// <summary>
/// Requests of every kind, most of them wrong: none ends in a 500, each refusal is a problem that can be read, and only
/// what was accepted is stored.
/// </summary>
public sealed class FuzzTests(QuietHost host) : IClassFixture<QuietHost>
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("[", 70)) + new string(']', 70);

    private static readonly Gen<string> Json = Gen.OneOf(
        "null",
        "true",
        "0",
        "-1",
        "7",
        "1.5",
        "1e400",
        "2147483648",
        "-99999999999999999999",
        "\"\"",
        "\"1.34\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"a\\nb\"",
        "\"a\u0001\"",
        "\"\\q\"",
        "\"kube-system\"",
        "\"--version\"",
        "\"\u202e\ufeff\"",
        $"\"{new string('x', 3000)}\"",
        "[]",
        "{}",
        "[null]",
        "{\"a\":\"b\"}",
        "{\"a\":{\"b\":null}}",
        "{\"a\":1,\"a\":2}",
        "{\"\\ud800\":1}",
        "{\"\\u0000\":\"\\u0000\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"controlPlane\":{\"statefulSet\":null}}",
        "{\"sync\":{\"toHost\":{\"pods\":{\"enabled\":true}}}}",
        Deep
    );

    private static readonly Gen<string> Field = Gen.OneOf(
        "name",
        "namespace",
        "k8s_version",
        "values",
        "labels",
        "ttl_hours",
        "protected",
        "status",
        "Name",
        "",
        "\\u0000",
        "\\ud800",
        "$type"
    );

    /// <summary>Few enough that some are taken already.</summary>
    private static readonly Gen<string> Name = Gen.Int[0, 60].Select(i => $"\"f{i}\"");

    private static readonly Gen<string> Object = Gen.Select(
        Gen.Bool,
        Name,
        Gen.Select(Field, Json, (field, value) => $"\"{field}\":{value}").Array[0, 4],
        (named, name, members) => $"{{{string.Join(',', named ? [$"\"name\":{name}", .. members] : members)}}}"
    );

    private static readonly Gen<byte[]?> Body = Gen.Frequency(
        (6, Object.Select(text => (byte[]?)Encoding.UTF8.GetBytes(text))),
        (1, Json.Select(text => (byte[]?)Encoding.UTF8.GetBytes(text))),
        (
            1,
            Gen.Select(
                Object,
                Gen.Int[0, 40],
                (text, cut) => (byte[]?)Encoding.UTF8.GetBytes(text[..Math.Min(cut, text.Length)])
            )
        ),
        (1, Gen.Byte.Array[0, 30].Select(bytes => (byte[]?)bytes)),
        (1, Gen.Const((byte[]?)null))
    );

    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.OneOf("", "0", "-1", "x", "1", "true", "false", "name", "-name", "Running", "target", "vcluster-target"),
        Gen.OneOf("%00", "%ff", "%ed%a0%80", "%2F", "%2e%2e", "a=b", "!a", "a in (b,c)", "(", "a,,b", "%25", "%0d%0a"),
        Gen.OneOf(
            "WyIxIiwiMiJd",
            "bnVsbA",
            "WyJuYW1lIiwieCIsInkiXQ",
            "WyItY3JlYXRlZCIsIlx1ZDgwMCIsIngiXQ",
            "99999999999"
        ),
        Gen.String.Select(Uri.EscapeDataString)
    );

    private static readonly Gen<string> Query = Gen.Select(
            Gen.OneOf(
                "namespace",
                "limit",
                "cursor",
                "sort",
                "status",
                "state",
                "label_selector",
                "created_by",
                "source",
                "q",
                "managed",
                "include",
                "tail",
                "container",
                "cluster",
                "force",
                "keep_volumes",
                "unknown"
            ),
            Word,
            (key, value) => $"{key}={value}"
        )
        .Array[0, 3]
        .Select(parts => string.Join('&', parts));

    private static readonly Gen<string> Path = Gen.OneOf(
        Gen.OneOf("/api/clusters", "/api/clusters:validate", "/api/operations", "/api/me", "/readyz", "/api/info"),
        Gen.Select(
            Gen.OneOf(Gen.OneOf("target", "nobody"), Word.Where(word => word != "%00" && !word.Contains("%00"))),
            Gen.OneOf("", "", "/extend", "/pause", "/resume", "/retry", "/logs", "/history", "/x"),
            (name, verb) => $"/api/clusters/{name}{verb}"
        ),
        Gen.Select(
            Gen.OneOf("01930000-0000-7000-8000-000000000009", "x", "-1"),
            Gen.OneOf("", "/log", "/cancel"),
            (id, verb) => $"/api/operations/{id}{verb}"
        )
    );

    private static readonly Gen<string> Method = Gen.Frequency(
        (5, Gen.Const("POST")),
        (4, Gen.Const("GET")),
        (3, Gen.Const("PATCH")),
        (1, Gen.OneOf("DELETE", "PUT", "HEAD", "OPTIONS", "TRACE"))
    );

    private static readonly Gen<(string, string)> Header = Gen.Select(
        Gen.OneOf("If-Match", "If-None-Match", "Idempotency-Key", "Accept", "Prefer"),
        Gen.OneOf(
            Gen.OneOf("*", "\"x\"", "W/\"x\"", "\"", "k1", "k2", "wait=0", "wait=-1", "wait", ",,,"),
            Gen.String[Gen.Char[' ', '~'], 0, 20]
        )
    );

    /// <summary>Right as it is, so that the wrong ones come upon something.</summary>
    private static readonly Gen<Request> Creates = Gen.Select(
        Name,
        Gen.Int[1, 720],
        (name, hours) =>
            new Request(
                "POST",
                "/api/clusters",
                [],
                Encoding.UTF8.GetBytes($$"""{"name":{{name}},"ttl_hours":{{hours}}}""")
            )
    );

    private static readonly Gen<Request> Others = Gen.Select(
        Method,
        Path,
        Query,
        Header.Array[0, 2],
        Body,
        (method, path, query, headers, body) =>
            new Request(method, query.Length == 0 ? path : $"{path}?{query}", headers, body)
    );

    private static readonly Gen<Request> Requests = Gen.Frequency((1, Creates), (19, Others));

    [Fact]
    public async Task Whatever_is_sent_the_answer_is_one_and_only_what_was_accepted_is_stored()
    {
        await host.Admin.CreateAsync(new { name = "target" });
        var before = await host.CountRowsAsync();
        HashSet<string> accepted = [];

        await Requests.SampleAsync(
            async request =>
            {
                var answer = await SendAsync(request);
                answer.Status.ShouldBeLessThan(500, answer.Text);
                if (answer.Status >= 400 && request.Method != "HEAD")
                {
                    answer.ShouldBeProblem(answer.Status);
                }

                if (request.IsCreate && answer.Status is 201 or 202)
                {
                    lock (accepted)
                    {
                        accepted.Add(answer.Json.Text("id"));
                    }
                }
            },
            iter: 2000,
            threads: 2,
            print: request => request.ToString()
        );

        (await host.CountRowsAsync()).Clusters.ShouldBe(before.Clusters + accepted.Count);
        accepted.Count.ShouldBeGreaterThan(10, "some requests are right, else this shows little");
        host.Log.Lines.Where(line => line.Level >= LogLevel.Error).ShouldBeEmpty();
    }

    private async Task<Answer> SendAsync(Request request)
    {
        using var content = request.Body is null ? null : new ByteArrayContent(request.Body);
        if (content is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        }

        return await host.Admin.SendContentAsync(request.Method, request.Path, content, request.Headers);
    }

    private sealed record Request(string Method, string Path, (string, string)[] Headers, byte[]? Body)
    {
        // With or without a slash at the end, the way routes match.
        public bool IsCreate => Method == "POST" && Path.Split('?')[0].TrimEnd('/') == "/api/clusters";

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Method} {Path} [{string.Join("; ", Headers)}] {(Body is null ? "" : Encoding.Latin1.GetString(Body))}"
            );
    }
}
