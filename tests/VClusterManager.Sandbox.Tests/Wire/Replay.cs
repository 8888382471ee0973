using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>
/// Replays all recordings once, in their order, since each builds on what the earlier ones left. Between them it does
/// what was done on the real server without being recorded.
/// </summary>
public sealed class Replay : IAsyncLifetime
{
    internal static readonly string[] Files =
    [
        "discovery",
        "objects",
        "lists",
        "watches",
        "deletes",
        "rights",
        "controllers",
    ];

    private readonly FakeTimeProvider _time = new(
        DateTimeOffset.Parse("2026-11-22T16:54:32Z", CultureInfo.InvariantCulture)
    );
    private readonly Dictionary<(string File, string Title), Answer> _answers = [];
    private readonly SandboxHost _sandbox;
    private string _token = "";

    public Replay() => _sandbox = new SandboxHost(new EmulatedHostOptions { Time = _time });

    internal static IReadOnlyList<Recording> Recordings { get; } = [.. Files.SelectMany(Recording.Read)];

    internal Answer AnswerTo(Recording recording) => _answers[(recording.File, recording.Title)];

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        foreach (var recording in Recordings)
        {
            await PrepareAsync(recording);
            _answers[(recording.File, recording.Title)] = recording.IsWatch
                ? await WatchAsync(recording)
                : await SendAsync(recording);
        }
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private async Task PrepareAsync(Recording recording)
    {
        switch (recording.Title)
        {
            case "page 1":
                // The objects of the first recordings are there by now; the namespace's own furniture must be, too.
                await UntilAsync("/api/v1/namespaces/w/configmaps/kube-root-ca.crt");
                break;
            case "token request":
                await PrepareRightsAsync();
                break;
            case "allowed":
                await UntilAsync("/api/v1/namespaces/r/configmaps/kube-root-ca.crt");
                break;
            case "gone":
                await UntilGoneAsync("/api/v1/namespaces/w");
                break;
            case "watch of pods while a StatefulSet is made":
                await _sandbox.CreateNamespaceAsync("k");
                await UntilAsync("/api/v1/namespaces/k/serviceaccounts/default");
                break;
        }
    }

    private async Task PrepareRightsAsync()
    {
        const string rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/r";
        var admin = _sandbox.Admin;
        await _sandbox.CreateNamespaceAsync("r");
        await admin.PostJsonAsync("/api/v1/namespaces/r/serviceaccounts", """{"metadata":{"name":"s"}}""");
        await admin.PostJsonAsync(
            $"{rbac}/roles",
            """{"metadata":{"name":"cm"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list"]}]}"""
        );
        await admin.PostJsonAsync(
            $"{rbac}/rolebindings",
            """{"metadata":{"name":"cm"},"roleRef":{"kind":"Role","name":"cm"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"r"}]}"""
        );
        var token = await admin.PostJsonAsync("/api/v1/namespaces/r/serviceaccounts/s/token", """{"spec":{}}""");
        _token = token.Text("status", "token")!;
    }

    private async Task<Answer> SendAsync(Recording recording)
    {
        using var client = ClientFor(recording);
        using var request = RequestOf(recording);
        using var answer = await client.SendAsync(request);
        return new Answer((int)answer.StatusCode, HeadersOf(answer), await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Reads as many lines as were recorded, then lets the time run out that the watch was given.</summary>
    private async Task<Answer> WatchAsync(Recording recording)
    {
        var expected = recording.Body.Length == 0 ? 0 : recording.Body.Split('\n').Length;
        using var client = ClientFor(recording);
        using var request = RequestOf(recording);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var lines = new List<string>();
        var withBookmark = recording.Title == "watch from now, with bookmarks";
        if (withBookmark)
        {
            await ReadAsync(reader, lines, 5);
            await DuringWatchAsync();
        }
        else if (recording.File == "controllers")
        {
            await _sandbox.Admin.PostJsonAsync(
                "/apis/apps/v1/namespaces/k/statefulsets?fieldManager=kubectl-client-side-apply",
                StatefulSet
            );
        }

        await ReadAsync(reader, lines, expected - (withBookmark ? 1 : 0));
        if (recording.File == "controllers")
        {
            await SandboxHost.EventuallyAsync(
                _sandbox.Admin,
                "/apis/apps/v1/namespaces/k/statefulsets/web",
                json => json.Text("status", "readyReplicas") == "1"
            );
        }

        await DrainAsync(reader, lines, expected);
        return new Answer((int)answer.StatusCode, HeadersOf(answer), string.Join('\n', lines));
    }

    /// <summary>Lets time pass, a second after each wait, until the watch has ended. What is still expected gets longer.</summary>
    private async Task DrainAsync(StreamReader reader, List<string> lines, int expected)
    {
        const int attempts = 400;
        var next = reader.ReadLineAsync();
        for (var i = 0; i < attempts; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var wait = TimeSpan.FromMilliseconds(lines.Count < expected ? 1_000 : 50);
            await Task.WhenAny(next, Task.Delay(wait, TimeProvider.System));
            while (next.IsCompleted)
            {
                if (await next is not { } line)
                {
                    return;
                }

                lines.Add(line);
                next = reader.ReadLineAsync();
            }
        }

        throw new TimeoutException("the watch did not end");
    }

    private static async Task ReadAsync(StreamReader reader, List<string> lines, int count)
    {
        while (
            lines.Count < count
            && await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System) is { } line
        )
        {
            lines.Add(line);
        }
    }

    private async Task DuringWatchAsync()
    {
        const string path = "/api/v1/namespaces/w/configmaps";
        await _sandbox.Admin.PostJsonAsync(path, """{"metadata":{"name":"w1"}}""");
        await _sandbox.Admin.MergeAsync($"{path}/w1", """{"metadata":{"labels":{"a":"b"}}}""");
        await _sandbox.Admin.DeleteJsonAsync($"{path}/w1");
    }

    private HttpClient ClientFor(Recording recording)
    {
        // Two roles were made with the administrator's certificate beside the token, which counts first.
        var asAdmin = recording.Status == 201 && recording.Path.EndsWith("/roles", StringComparison.Ordinal);
        var client = recording.Title switch
        {
            "no credentials" => _sandbox.Anonymous(),
            "bad token" => _sandbox.WithToken("nonsense"),
            _ when asAdmin || !recording.RequestHeaders.Any(header => header.Name == "Authorization") =>
                SandboxHost.ClientFor(_sandbox.Host.Kubeconfig),
            _ => _sandbox.WithToken(_token),
        };
        return client;
    }

    private static HttpRequestMessage RequestOf(Recording recording)
    {
        var request = new HttpRequestMessage(new HttpMethod(recording.Method), recording.Path);
        request.Headers.TryAddWithoutValidation("User-Agent", "curl/7.88.1");
        if (recording.Data is { } data)
        {
            request.Content = new StringContent(data, Encoding.UTF8);
        }

        foreach (var (name, value) in recording.RequestHeaders.Where(header => header.Name != "Authorization"))
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage answer) =>
        answer
            .Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .ToDictionary(
                header => header.Key,
                header => string.Join(", ", header.Value),
                StringComparer.OrdinalIgnoreCase
            );

    private Task UntilAsync(string path) =>
        SandboxHost.EventuallyAsync(_sandbox.Admin, path, json => json.Text("kind") != "Status");

    private Task UntilGoneAsync(string path) =>
        SandboxHost.EventuallyAsync(_sandbox.Admin, path, json => json.Text("code") == "404");

    private const string StatefulSet = """
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"metadata\":{\"annotations\":{},\"labels\":{\"app\":\"web\"},\"name\":\"web\",\"namespace\":\"k\"},\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":{\"app\":\"web\"}},\"serviceName\":\"web\",\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"image\":\"example.com/c:1\",\"name\":\"c\"}]}}}}\n"},"labels":{"app":"web"},"name":"web","namespace":"k"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"serviceName":"web","template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"image":"example.com/c:1","name":"c"}]}}}}
        """;
}

/// <summary>What the emulated host answered.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body);
