using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>Endpoints that an operator writes.</summary>
internal static class DynamicEndpointsSection
{
    private const string DefaultFile = "endpoints.yaml";

    /// <summary>They run what they are told to: an endpoint that could reach one could do everything.</summary>
    private static readonly string[] s_runners =
    [
        .. "ash bash busybox csh dash env fish ksh nohup nsenter perl php pwsh sh ssh su sudo tcsh xargs zsh".Split(
            ' '
        ),
    ];

    public static readonly KeySection Section = new(
        "dynamic_endpoints",
        "Endpoints below `/api/dynamic` that run one command each, written in a file of their own. See `docs/dynamic-endpoints.md`."
    );

    private static readonly Key<bool> Enabled = Section.Add(
        new Key<bool>(Types.Boolean)
        {
            Name = "enabled",
            Default = "true",
            Doc = "Whether the endpoints of the file are served.",
        }
    );

    private static readonly Key<string> ConfigPath = Section.Add(
        new Key<string>(Types.FilePath)
        {
            Name = "config_path",
            DefaultWords = "`endpoints.yaml` beside this file",
            SampleDefault = DefaultFile,
            Doc =
                "The file with the endpoints. A file that is named must be there. It is read again by itself when it changes; "
                + "one that is wrong stops the start, and later leaves the endpoints as they are.",
        }
    );

    private static readonly Key<IReadOnlyDictionary<string, string>> Commands = Section.Add(
        new Key<IReadOnlyDictionary<string, string>>(
            new MapType<string>(
                "a map from names to executables",
                "lower-case letters, digits and '-'",
                new Regex("^[a-z][a-z0-9-]{0,62}$", RegexOptions.NonBacktracking),
                Types.Executable
            )
        )
        {
            Name = "commands",
            Default = "{}",
            Doc =
                "Commands that endpoints may run beside `kubectl` and `vcluster`: a name, and its executable. Of these it is "
                + "not known which verbs only read. Shells, and programs that start others, are refused.",
        }
    );

    private static readonly Key<int> MaxParallel = Section.Add(
        new Key<int>(Types.Integer(1, 1000))
        {
            Name = "max_parallel",
            Default = "16",
            Doc =
                "Commands of all endpoints together that run at the same time in one server; others wait for their turn.",
        }
    );

    public static DynamicEndpointsOptions Read(ConfigurationValues values)
    {
        var commands = values.Get(Commands);
        foreach (var (name, executable) in commands)
        {
            if (name is "kubectl" or "vcluster")
            {
                values.Fail(
                    Commands,
                    $"names {name}, which is there already: vcluster.{(name == "kubectl" ? name : "executable")} says where it is"
                );
            }

            var program = Path.GetFileName(executable);
            if (s_runners.Contains(program) || program.StartsWith("python", StringComparison.Ordinal))
            {
                values.Fail(Commands, $"names {program}, which runs whatever it is told to");
            }
        }

        return new()
        {
            Enabled = values.Get(Enabled),
            File = values.Find(ConfigPath) ?? values.BesideConfig(DefaultFile),
            IsNamed = values.IsSet(ConfigPath),
            Commands = commands,
            MaxParallel = values.Get(MaxParallel),
        };
    }
}
