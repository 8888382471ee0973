using System.Text.RegularExpressions;
using VClusterManager.Contracts;
using VClusterManager.Server.Http;

namespace VClusterManager.Server.Identity.Keys;

/// <summary>A key that may be made.</summary>
/// <param name="IsAlone">It stands for itself, and not for who made it.</param>
internal sealed record KeyPlan(string Name, Role Role, DateTimeOffset? Expires, Limits Limits, bool IsAlone);

/// <summary>
/// Who may make which key. Pure. An admin makes keys for others: each stands for itself, with any role and any limits.
/// Everybody else whom the configuration knows makes keys for themselves: never more than they may, and what is made with
/// it is theirs. Keys make no keys, and neither do tokens that end by themselves: taking one away would not be enough.
/// </summary>
internal static partial class KeyRules
{
    public static Outcome<KeyPlan> Plan(ApiKeyCreate asked, Principal who, KeyOwners owners, DateTimeOffset now)
    {
        var read = Read(asked, now);
        return (read.Problem ?? (who.IsAdmin ? null : Refused(read.Value, who, owners))) is { } problem ? problem
            : who.IsAdmin ? read.Value
            : read.Value with
            {
                Name = $"{who.Name}/{read.Value.Name}",
                Limits = read.Value.Limits.Within(who.Limits),
                IsAlone = false,
            };
    }

    private static Outcome<KeyPlan> Read(ApiKeyCreate asked, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        errors.AddIf(NameError(asked.Name), "name");
        var isRole = Roles.TryParse(asked.Role, out var role);
        errors.AddIf(
            isRole ? null
                : asked.Role is null ? "is required"
                : "must be viewer, editor or admin",
            "role"
        );
        errors.AddIf(asked.ExpiresInHours is < 1 or > 87_600 ? "must be 1 to 87600" : null, "expires_in_hours");
        errors.AddIf(NamespacesError(asked.Namespaces), "namespaces");
        errors.AddIf(
            asked.MaxClusters is < 1 or > Limits.MostClusters ? $"must be 1 to {Limits.MostClusters}" : null,
            "max_clusters"
        );
        errors.AddIf(
            asked.MaxTtlHours is < 1 or > Limits.MostTtlHours ? $"must be 1 to {Limits.MostTtlHours}" : null,
            "max_ttl_hours"
        );
        var limits = new Limits
        {
            Namespaces = asked.Namespaces,
            OwnClusters = asked.OwnClusters ?? false,
            MaxClusters = asked.MaxClusters,
            MaxTtlHours = asked.MaxTtlHours,
        };
        errors.AddIf(isRole && errors.Count == 0 ? limits.WrongFor(role) : null, "role");
        return errors.ToProblem() is { } problem
            ? problem
            : new KeyPlan(
                asked.Name!,
                role,
                asked.ExpiresInHours is { } hours ? now.AddHours(hours) : null,
                limits,
                IsAlone: true
            );
    }

    private static Problem? Refused(KeyPlan asked, Principal who, KeyOwners owners)
    {
        if (who.Source == KnownKeys.Source || !owners.Know(who.Identity))
        {
            return Forbidden(
                "Keys are made by admins, and for themselves by those in this server's configuration: ask an admin for one."
            );
        }

        if (asked.Role > who.Role)
        {
            return Forbidden($"A key cannot be {asked.Role.ToWord()}: {who.Name} is {who.Role.ToWord()}.");
        }

        var outside = asked.Limits.Namespaces?.FirstOrDefault(pattern => !who.Limits.Allow(pattern));
        if (outside is not null)
        {
            return Forbidden(
                $"A key cannot be for {outside}: {who.Name} is bound to {string.Join(", ", who.Limits.Namespaces!)}."
            );
        }

        return asked.Limits.MaxClusters > who.Limits.MaxClusters
                ? Forbidden(
                    $"A key cannot have {asked.Limits.MaxClusters} clusters: {who.Name} may have {who.Limits.MaxClusters}."
                )
            : asked.Limits.MaxTtlHours > who.Limits.MaxTtlHours
                ? Forbidden(
                    $"A key's clusters cannot live for {asked.Limits.MaxTtlHours} hours: those of {who.Name} may for {who.Limits.MaxTtlHours}."
                )
            : null;
    }

    private static Problem Forbidden(string detail) => new(ProblemKind.Forbidden, detail);

    private static string? NameError(string? name) =>
        name is null ? "is required"
        : NamePattern.IsMatch(name) ? null
        : "must be 1 to 63 letters, digits, '-', '_' or '.'";

    private static string? NamespacesError(IReadOnlyList<string>? namespaces) =>
        namespaces switch
        {
            null => null,
            [] => "must not be empty: leave it away, or name one",
            { Count: > NamespacePattern.MostOfThem } => $"has more than {NamespacePattern.MostOfThem} entries",
            _ => namespaces.All(n => n is not null && NamespacePattern.IsValid(n))
                ? null
                : $"must be a list, each {NamespacePattern.Words}",
        };

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern { get; }
}
