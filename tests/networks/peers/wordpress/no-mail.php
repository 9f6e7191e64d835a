<?php
// A plugin that is always on: no mail leaves.

add_filter('pre_wp_mail', '__return_true');
