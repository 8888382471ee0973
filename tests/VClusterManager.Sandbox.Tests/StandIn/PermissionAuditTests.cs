using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Tests.StandIn.Replaying;

namespace VClusterManager.Sandbox.Tests.StandIn;

/// <summary>
/// The API calls of each verb against those of the real one, by user agent: the same writes with the same answers, and no
/// reads of anything that the real one does not read. So rights that do for the one do for the other.
/// </summary>
public sealed class PermissionAuditTests
{
    private static readonly string[] Writes = ["create", "update", "patch", "delete", "deletecollection"];

    [Fact]
    public async Task Every_verb_writes_what_the_real_one_writes_and_reads_nothing_else()
    {
        var recorded = Audit.Read(Path.Combine(Transcript.Folder, "90-permissions-audit.txt"));
        await using var stage = await Stage.SetAsync();
        await CompareAsync(stage, recorded["create"], "vcluster create demo -n demo --connect=false");
        await stage.UntilPodAsync("demo", "demo", "Running");
        await CompareAsync(stage, recorded["list-all"], "vcluster list --output json");
        await CompareAsync(stage, recorded["list-ns"], "vcluster list --output json -n demo");
        await CompareAsync(stage, recorded["describe"], "vcluster describe demo -n demo -o json");
        await CompareAsync(stage, recorded["upgrade"], "vcluster create demo -n demo --connect=false --upgrade");
        await CompareAsync(stage, recorded["pause"], "vcluster pause demo -n demo");
        await CompareAsync(stage, recorded["resume"], "vcluster resume demo -n demo");
        await stage.UntilPodAsync("demo", "demo", "Running");
        await CompareAsync(stage, recorded["delete"], "vcluster delete demo -n demo");
    }

    private static async Task CompareAsync(Stage stage, IReadOnlyList<ApiCall> recorded, string line)
    {
        stage.Host.Requests.Clear();
        (await stage.RunAsync([.. CommandWords.Split(line)])).ExitCode.ShouldBe(0);
        var made = stage.Host.Requests.All.Select(Audit.Of).OfType<ApiCall>().ToList();
        Lines(made.Where(IsWrite)).ShouldBe(Lines(recorded.Where(call => IsWrite(call) && !IsIdle(call))), line);
        var readable = recorded.Where(call => !IsWrite(call)).Select(call => call with { Status = 0 }).ToHashSet();
        made.Where(call => !IsWrite(call))
            .Select(call => call with { Status = 0 })
            .Except(readable)
            .ShouldBeEmpty(line);
    }

    private static bool IsWrite(ApiCall call) => Writes.Contains(call.Verb);

    /// <summary>Helm sends patches to what has not changed, because it does not know the host's defaults; they change nothing.</summary>
    private static bool IsIdle(ApiCall call) => call is { Verb: "patch", Agent: "Helm" };

    private static List<string> Lines(IEnumerable<ApiCall> calls) =>
        [.. calls.Select(call => call.ToString()).Order(StringComparer.Ordinal)];

    private sealed record ApiCall(string Verb, string Resource, string Agent, int Status);

    private static class Audit
    {
        public static Dictionary<string, List<ApiCall>> Read(string path)
        {
            var verbs = new Dictionary<string, List<ApiCall>>();
            List<ApiCall> calls = [];
            foreach (var line in File.ReadLines(path))
            {
                if (line.StartsWith("## ", StringComparison.Ordinal))
                {
                    calls = verbs[line[3..].Split(':')[0]] = [];
                    continue;
                }

                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var call = new ApiCall(words[1], words[2], words[4], int.Parse(words[5]));
                calls.AddRange(Enumerable.Repeat(call, int.Parse(words[0])));
            }

            return verbs;
        }

        /// <summary>A request in the words of the audit; null for one that the CLI did not make.</summary>
        public static ApiCall? Of(RequestRecord request)
        {
            var agent = request.UserAgent.Split('/')[0];
            if (agent is not ("vcluster" or "Helm"))
            {
                return null;
            }

            var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            return parts switch
            {
                ["api", _, "namespaces", _, var plural, .. var rest] => Call("core", plural, rest),
                ["api", _, var plural, .. var rest] => Call("core", plural, rest),
                ["apis", var group, _, "namespaces", _, var plural, .. var rest] => Call(group, plural, rest),
                ["apis", var group, _, var plural, .. var rest] => Call(group, plural, rest),
                _ => new ApiCall("get", "NONRES/" + request.Path, agent, request.Status),
            };

            ApiCall Call(string group, string plural, string[] rest) =>
                new(VerbOf(request.Method, rest.Length > 0), $"{group}/{plural}", agent, request.Status);
        }

        private static string VerbOf(string method, bool named) =>
            method switch
            {
                "GET" => named ? "get" : "list",
                "POST" => "create",
                "PUT" => "update",
                "PATCH" => "patch",
                _ => named ? "delete" : "deletecollection",
            };
    }
}
