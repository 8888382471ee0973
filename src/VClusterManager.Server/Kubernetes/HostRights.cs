using System.Text.Json;
using System.Text.Json.Nodes;

namespace VClusterManager.Server.Kubernetes;

/// <summary>One verb on one kind of object.</summary>
/// <param name="Group">Empty: the core group.</param>
/// <param name="Resource">Its plural, with a subresource behind a slash.</param>
/// <param name="Namespace"><see langword="null"/>: in all of them, and at the cluster.</param>
internal sealed record HostRight(string Group, string Resource, string Verb, string? Namespace = null);

/// <summary>Asks the host what this account may do.</summary>
/// <remarks>
/// One review lists all rules. It is asked for a namespace that is not there: so no binding of a namespace is in it, and
/// what it lists holds everywhere. A host may leave rules out of it (those of a webhook, as on EKS), so of what it does
/// not list each right is asked for by itself, and only a plain "no" counts.
/// </remarks>
internal sealed class HostRights(HostApi api)
{
    private const string Reviews = "apis/authorization.k8s.io/v1";
    private const string Nowhere = "vcluster-manager-asks-for-all-namespaces";

    /// <summary>At once, of one account.</summary>
    private const int Questions = 8;

    /// <summary>Those that are not there; <c>Unreadable</c>: nobody knows.</summary>
    public async Task<HostAnswer<IReadOnlyList<HostRight>>> MissingAsync(
        IReadOnlyCollection<HostRight> needed,
        CancellationToken cancellation
    )
    {
        var review = await ReviewAsync(cancellation);
        if (review is not HostAnswer<List<Rule>>.Found { Value: var rules })
        {
            return Unknown(review);
        }
        var missing = new List<HostRight>();
        foreach (var some in needed.Where(right => !rules.Exists(rule => rule.Covers(right))).Chunk(Questions))
        {
            var answers = await Task.WhenAll(some.Select(right => IsAllowedAsync(right, cancellation)));
            foreach (var (right, answer) in some.Zip(answers))
            {
                if (answer is not HostAnswer<bool?>.Found { Value: var found })
                {
                    return Unknown(answer);
                }
                if (found is not { } allowed)
                {
                    return new HostAnswer<IReadOnlyList<HostRight>>.Unreadable(
                        "the host could not find out the rights"
                    );
                }
                if (!allowed)
                {
                    missing.Add(right);
                }
            }
        }
        return new HostAnswer<IReadOnlyList<HostRight>>.Found(missing);
    }

    private Task<HostAnswer<List<Rule>>> ReviewAsync(CancellationToken cancellation)
    {
        var spec = new JsonObject { ["namespace"] = Nowhere };
        return api.AskAsync(
            $"{Reviews}/selfsubjectrulesreviews",
            Question("SelfSubjectRulesReview", spec),
            answer =>
                answer.GetProperty("status").GetProperty("resourceRules").EnumerateArray().Select(Rule.Read).ToList(),
            cancellation
        );
    }

    /// <summary><see langword="null"/>: whoever decides could not be asked, which says neither yes nor no.</summary>
    private Task<HostAnswer<bool?>> IsAllowedAsync(HostRight right, CancellationToken cancellation)
    {
        var parts = right.Resource.Split('/');
        var wanted = new JsonObject
        {
            ["group"] = right.Group,
            ["resource"] = parts[0],
            ["subresource"] = parts.ElementAtOrDefault(1) ?? "",
            ["verb"] = right.Verb,
            ["namespace"] = right.Namespace ?? "",
        };
        return api.AskAsync(
            $"{Reviews}/selfsubjectaccessreviews",
            Question("SelfSubjectAccessReview", new JsonObject { ["resourceAttributes"] = wanted }),
            answer => Allowed(answer.GetProperty("status")),
            cancellation
        );
    }

    private static bool? Allowed(JsonElement status) =>
        status.GetProperty("allowed").GetBoolean() ? true
        : status.TryGetProperty("evaluationError", out var error)
        && error.ValueKind == JsonValueKind.String
        && error.GetString() is { Length: > 0 }
            ? null
        : false;

    private static JsonObject Question(string kind, JsonObject spec) =>
        new()
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = kind,
            ["spec"] = spec,
        };

    private static HostAnswer<IReadOnlyList<HostRight>>.Unreadable Unknown<T>(HostAnswer<T> answer) =>
        answer is HostAnswer<T>.Unreadable(var reason, var forbidden)
            ? new HostAnswer<IReadOnlyList<HostRight>>.Unreadable(reason, forbidden)
            : new HostAnswer<IReadOnlyList<HostRight>>.Unreadable("the host does not tell rights");

    /// <summary>A rule of the review; one that is for some names is none, since any name is needed.</summary>
    private sealed record Rule(List<string> Groups, List<string> Resources, List<string> Verbs)
    {
        public static Rule Read(JsonElement json) =>
            Texts(json, "resourceNames").Count > 0
                ? new Rule([], [], [])
                : new Rule(Texts(json, "apiGroups"), Texts(json, "resources"), Texts(json, "verbs"));

        public bool Covers(HostRight right) =>
            right.Namespace is null
            && Has(Groups, right.Group)
            && Has(Resources, right.Resource)
            && Has(Verbs, right.Verb);

        private static bool Has(List<string> list, string one) => list.Contains(one) || list.Contains("*");

        private static List<string> Texts(JsonElement json, string name) =>
            json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(text => text.GetString() ?? "")]
                : [];
    }
}
