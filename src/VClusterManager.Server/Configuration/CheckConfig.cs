namespace VClusterManager.Server.Configuration;

/// <summary>The verb <c>check-config [FILE]</c>: says what is wrong with a configuration, and starts nothing.</summary>
internal static class CheckConfig
{
    public const string Verb = "check-config";

    /// <param name="args">What follows the verb.</param>
    /// <param name="further">What is wrong with what a valid configuration names, one line each.</param>
    /// <returns>The exit code: 0 when all is well, 1 when something is wrong, 2 when it was called wrongly.</returns>
    public static int Run(
        string[] args,
        ConfigurationSources sources,
        TextWriter output,
        TextWriter error,
        Func<ManagerOptions, IReadOnlyList<string>>? further = null
    )
    {
        if (args.Length > 1 || args is [['-', ..]])
        {
            error.WriteLine($"usage: vcluster-manager {Verb} [FILE]");
            return 2;
        }

        switch (ConfigurationLoader.Load(sources, args.FirstOrDefault()))
        {
            case ConfigurationResult.Invalid invalid:
                Report(invalid, error);
                return 1;
            case ConfigurationResult.Valid valid when further?.Invoke(valid.Options) is { Count: > 0 } more:
                Report(more, error);
                return 1;
            case ConfigurationResult.Valid valid:
                output.WriteLine($"{valid.File ?? "No file, the environment and the defaults"}: all is well.");
                return 0;
            default:
                throw new InvalidOperationException("There is no third result.");
        }
    }

    /// <summary>One line for each error: also what a start that fails for them says.</summary>
    public static void Report(ConfigurationResult.Invalid invalid, TextWriter error) =>
        Report([.. invalid.Errors.Select(e => e.ToString())], error);

    /// <summary>The same of errors that have been put into words.</summary>
    public static void Report(IReadOnlyList<string> errors, TextWriter error)
    {
        foreach (var one in errors)
        {
            error.WriteLine(one);
        }

        error.WriteLine(errors.Count == 1 ? "1 error." : $"{errors.Count} errors.");
    }
}
