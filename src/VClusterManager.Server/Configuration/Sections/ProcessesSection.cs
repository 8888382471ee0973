using System.IO.Enumeration;
using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>The tools that the server starts.</summary>
internal static class ProcessesSection
{
    public static readonly KeySection Section = new(
        "processes",
        "The tools that the server starts. They begin with an empty environment."
    );

    private static readonly Key<IReadOnlyList<string>> Passed = Section.Add(
        new Key<IReadOnlyList<string>>(
            new ListType<string>(
                "a list of names of variables",
                Types.Text(
                    "the name of a variable, in which * stands for any text (but not for all of it)",
                    "^[*]?[A-Za-z_][A-Za-z0-9_]*[*]?$",
                    maxLength: 100
                )
            )
        )
        {
            Name = "environment",
            Default = """["AWS_*", "*_PROXY", "SSL_CERT_*"]""",
            Doc =
                "Names of the server's own variables that are passed on to tools; `*` stands for any text, and case "
                + "matters. A kubeconfig of EKS needs `AWS_*` for `aws eks get-token`. A variable that may hold a secret "
                + "of the server (`DATABASE_URL`) cannot be passed on.",
        }
    );

    public static ProcessOptions Read(ConfigurationValues values)
    {
        var patterns = values.Get(Passed);
        foreach (var (pattern, secret) in patterns.Select(p => (p, Secrets.FirstOrDefault(s => Matches(p, s)))))
        {
            if (secret is not null)
            {
                values.Fail(Passed, $"has {pattern}, which would pass on {secret}: that may hold a secret");
            }
        }

        return new() { Environment = patterns };
    }

    private static IEnumerable<string> Secrets =>
        KeyTable.All.Where(k => k.Secret).SelectMany(k => new[] { k.Variable, k.LongVariable });

    /// <summary>As the tools' environment is put together: case matters.</summary>
    private static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
